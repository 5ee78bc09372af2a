package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Endpoint is one sshd and how to log in to it.
type Endpoint struct {
	Host               *string  `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional" provider:"secret"`
	PrivateKey         *string  `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
}

// Connection is the host that a command runs on, reached directly or through a bastion.
type Connection struct {
	Endpoint
	Proxy *Bastion `pulumi:"proxy,optional"`
}

// Bastion is the host in between.
type Bastion struct{ Endpoint }

// Annotate sets the official defaults; they become part of the inputs, and so of the state.
func (e *Endpoint) Annotate(a infer.Annotator) {
	a.SetDefault(&e.Port, 22)
	a.SetDefault(&e.User, "root")
	a.SetDefault(&e.DialErrorLimit, 10)
	a.SetDefault(&e.PerDialTimeout, 15)
}

func (e *Endpoint) address() string {
	return net.JoinHostPort(*e.Host, strconv.Itoa(int(*e.Port)))
}

// clientConfig reads keys and opens the agent's socket; each may fail before anything is dialled.
func (e *Endpoint) clientConfig() (*ssh.ClientConfig, error) {
	config := &ssh.ClientConfig{
		User:    *e.User,
		Timeout: time.Duration(*e.PerDialTimeout) * time.Second,
	}
	if err := e.pinHostKey(config); err != nil {
		return nil, err
	}
	methods, err := e.loginMethods()
	config.Auth = methods
	return config, err
}

// pinHostKey accepts any host key unless one is pinned; then only that key's own type is offered.
func (e *Endpoint) pinHostKey(config *ssh.ClientConfig) error {
	if e.HostKey == nil {
		config.HostKeyCallback = ssh.InsecureIgnoreHostKey()
		return nil
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
	if err != nil {
		return fmt.Errorf("failed to parse host key: %w", err)
	}
	config.HostKeyCallback = ssh.FixedHostKey(key)
	config.HostKeyAlgorithms = []string{key.Type()}
	return nil
}

// loginMethods come in the official order: private key, password, the same password as the answer
// to every question, agent. The SSH library tries each kind once, so that an agent's keys are not
// tried after a private key that was refused.
func (e *Endpoint) loginMethods() ([]ssh.AuthMethod, error) {
	var methods []ssh.AuthMethod
	if e.PrivateKey != nil {
		signer, err := e.signer()
		if err != nil {
			return nil, err
		}
		methods = append(methods, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		methods = append(methods, ssh.Password(*e.Password), ssh.KeyboardInteractive(answerAll(*e.Password)))
	}
	socket := os.Getenv("SSH_AUTH_SOCK")
	if e.AgentSocketPath != nil {
		socket = *e.AgentSocketPath
	}
	if e.AgentSocketPath != nil || socket != "" {
		connection, err := net.Dial("unix", socket)
		if err != nil {
			return nil, err
		}
		methods = append(methods, ssh.PublicKeysCallback(agent.NewClient(connection).Signers))
	}
	return methods, nil
}

func (e *Endpoint) signer() (ssh.Signer, error) {
	if e.PrivateKeyPassword == nil {
		return ssh.ParsePrivateKey([]byte(*e.PrivateKey))
	}
	return ssh.ParsePrivateKeyWithPassphrase([]byte(*e.PrivateKey), []byte(*e.PrivateKeyPassword))
}

func answerAll(answer string) ssh.KeyboardInteractiveChallenge {
	return func(_, _ string, questions []string, _ []bool) ([]string, error) {
		answers := make([]string, len(questions))
		for i := range answers {
			answers[i] = answer
		}
		return answers, nil
	}
}
