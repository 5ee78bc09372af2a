package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/pkg/sftp"
)

// copyFile copies one file over one SSH connection, which is closed afterwards, unlike a command's.
func copyFile(ctx context.Context, args CopyArgs) error {
	client, err := args.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	// Without waiting for the answer to one block before the next is sent, as the official provider
	// does, so that a long way costs no more time here.
	remote, err := sftp.NewClient(client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return fmt.Errorf("SFTP: %w", err)
	}
	defer remote.Close()

	source := args.Source.Asset.Path
	place, err := destination(remote, source, args.RemotePath)
	if err != nil {
		return err
	}
	return upload(remote, source, place)
}

// destination is the file to write. A folder that is there gets the file under its own name; where
// nothing is, the parents are made. A relative path is the server's to resolve: below the login's home.
func destination(remote *sftp.Client, source, remotePath string) (string, error) {
	info, err := remote.Stat(remotePath)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := remote.MkdirAll(path.Dir(remotePath)); err != nil {
			return "", fmt.Errorf("making the parents of %s on the host: %w", remotePath, err)
		}
	case err != nil:
		return "", fmt.Errorf("looking at %s on the host: %w", remotePath, err)
	case info.IsDir():
		return path.Join(remotePath, filepath.Base(source)), nil
	}
	return remotePath, nil
}

// upload writes in place: what is there keeps its mode and its owner, and readers may see half a file.
func upload(remote *sftp.Client, source, place string) error {
	local, err := os.Open(source)
	if err != nil {
		return err
	}
	defer local.Close()
	file, err := remote.Create(place)
	if err != nil {
		return fmt.Errorf("opening %s on the host: %w", place, err)
	}
	defer file.Close()
	if _, err := file.ReadFrom(local); err != nil {
		return fmt.Errorf("copying %s to %s on the host: %w", source, place, err)
	}
	return nil
}
