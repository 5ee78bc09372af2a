package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// Logging says which of a command's two streams are shown while it runs.
type Logging string

func (l *Logging) shows(stream string) bool {
	return l == nil || *l == "stdoutAndStderr" || string(*l) == stream
}

// execute runs one command line over one SSH connection. The connection is not closed: it lives
// until the plugin ends, as the official one's does, and so a host sees it as long.
func execute(ctx context.Context, command string, args Args, previous Result) (Result, error) {
	client, err := args.Connection.dial(ctx)
	if err != nil {
		return Result{}, err
	}
	session, err := client.NewSession()
	if err != nil {
		return Result{}, err
	}
	defer session.Close()
	if err := sendEnvironment(ctx, session, args, previous); err != nil {
		return Result{}, err
	}
	if args.Stdin != nil && *args.Stdin != "" {
		session.Stdin = strings.NewReader(*args.Stdin)
	}

	shown, finish := showLines(ctx)
	var stdout, stderr bytes.Buffer
	var both lockedBuffer
	session.Stdout = collector(&stdout, &both, shown, args.Logging.shows("stdout"))
	session.Stderr = collector(&stderr, &both, shown, args.Logging.shows("stderr"))
	err = session.Run(command)
	finish()
	if err != nil {
		return Result{}, fmt.Errorf("%w: running %q:\n%s", err, command, both.String())
	}
	return Result{
		Stdout: strings.TrimSuffix(stdout.String(), "\n"),
		Stderr: strings.TrimSuffix(stderr.String(), "\n"),
	}, nil
}

// sendEnvironment fails when sshd does not accept a variable of `environment`, and only warns when
// it does not accept the previous run's output.
func sendEnvironment(ctx context.Context, session *ssh.Session, args Args, previous Result) error {
	const hint = "Unable to set '%s'. This only works if your SSH server is configured to accept\n" +
		"\tthese variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could\n" +
		"\tprefix the command itself with the variables in the form 'VAR=value command'"
	for name, value := range args.Environment {
		if err := session.Setenv(name, value); err != nil {
			p.GetLogger(ctx).Error(fmt.Sprintf(hint, name))
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	if args.AddPreviousOutputInEnv != nil && !*args.AddPreviousOutputInEnv {
		return nil
	}
	for _, variable := range []struct{ name, value string }{
		{"PULUMI_COMMAND_STDOUT", previous.Stdout},
		{"PULUMI_COMMAND_STDERR", previous.Stderr},
	} {
		if variable.value == "" {
			continue
		}
		if err := session.Setenv(variable.name, variable.value); err != nil {
			p.GetLogger(ctx).Warning(fmt.Sprintf(hint, variable.name))
		}
	}
	return nil
}

// showLines returns where to write what the engine is to show line by line, and what waits for it.
func showLines(ctx context.Context) (io.Writer, func()) {
	reader, writer := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			p.GetLogger(ctx).InfoStatus(lines.Text())
		}
		// A line beyond the scanner's limit ends the display, but must not block the command.
		_, _ = io.Copy(io.Discard, reader)
	}()
	return writer, func() {
		_ = writer.Close()
		<-done
	}
}

func collector(own, both, shown io.Writer, show bool) io.Writer {
	if show {
		return io.MultiWriter(own, both, shown)
	}
	return io.MultiWriter(own, both)
}

// lockedBuffer takes both streams: the SSH library writes each from a goroutine of its own.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(data)
}

func (b *lockedBuffer) String() string { return b.buffer.String() }
