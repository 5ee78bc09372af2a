package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// The pauses between two tries, as the official provider makes them.
const (
	firstPause  = 100 * time.Millisecond
	pauseGrowth = 1.5
	longPause   = 5 * time.Second
)

// dial opens one SSH connection to the host, through the bastion where there is one.
func (c *Connection) dial(ctx context.Context) (*ssh.Client, error) {
	config, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	if c.Proxy == nil {
		return c.try(ctx, "Dial", func() (*ssh.Client, error) {
			return ssh.Dial("tcp", c.address(), config)
		})
	}
	client, err := c.dialThrough(ctx, c.Proxy, config)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return client, nil
}

// dialThrough logs in to the bastion, lets it connect to the host and logs in there. A handshake
// that the host refused is tried again on the same stream, where it can only fail: so a wrong
// password behind a bastion is tried once, whatever dialErrorLimit says.
func (c *Connection) dialThrough(
	ctx context.Context, bastion *Bastion, config *ssh.ClientConfig,
) (*ssh.Client, error) {
	bastionConfig, err := bastion.clientConfig()
	if err != nil {
		return nil, err
	}
	hop, err := bastion.try(ctx, "Dial proxy", func() (*ssh.Client, error) {
		return ssh.Dial("tcp", bastion.address(), bastionConfig)
	})
	if err != nil {
		return nil, err
	}
	var stream net.Conn
	if _, err = c.try(ctx, "Dial from proxy", func() (*ssh.Client, error) {
		stream, err = hop.Dial("tcp", c.address())
		return nil, err
	}); err != nil {
		return nil, err
	}
	return c.try(ctx, "Dial", func() (*ssh.Client, error) {
		connection, channels, requests, err := ssh.NewClientConn(stream, c.address(), config)
		if err != nil {
			return nil, err
		}
		return ssh.NewClient(connection, channels, requests), nil
	})
}

// try makes one attempt and then up to dialErrorLimit more; -1 means without end. Any error counts,
// a refused login too.
func (e *Endpoint) try(
	ctx context.Context, what string, attempt func() (*ssh.Client, error),
) (*ssh.Client, error) {
	limit, shown := *e.DialErrorLimit, strconv.Itoa(*e.DialErrorLimit)
	if limit == -1 {
		shown = "inf"
	}
	pause := firstPause
	for failed := 0; ; failed++ {
		client, err := attempt()
		if err == nil {
			return client, nil
		}
		if limit > -1 && failed >= limit {
			return nil, fmt.Errorf("after %d failed attempts: %w", failed, err)
		}
		p.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", what, failed+1, shown)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
			pause = min(time.Duration(float64(pause)*pauseGrowth), longPause)
		}
	}
}
