// Pulumi-language-nodejs gives Pulumi's Node.js language host the options that Pulumi.yaml has under
// runtime.options, and becomes that host.
//
// Today's CLI sends them with each request. The last release of the host that can be built as a Go module is
// older, does not look there, and takes them as flags from its start alone.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"gopkg.in/yaml.v3"
)

// host is the program that this one becomes; it lies beside it. The CLI would take any name that starts with
// pulumi-language- for another language.
const host = "nodejs-language-host"

func main() {
	err := become()
	fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
	os.Exit(1)
}

// become returns only with what went wrong.
func become() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	flags, err := projectFlags(folder)
	if err != nil {
		return err
	}
	path := filepath.Join(filepath.Dir(self), host)
	// Of a flag given twice the last one holds: so what the CLI itself says comes after.
	args := append(append([]string{os.Args[0]}, flags...), os.Args[1:]...)
	return fmt.Errorf("%s: %w", path, syscall.Exec(path, args, os.Environ()))
}

// projectFlags reads the project file that the CLI would find from the folder: the nearest one upwards. Without one
// there are no flags.
func projectFlags(folder string) ([]string, error) {
	for {
		for _, name := range []string{"Pulumi.yaml", "Pulumi.yml", "Pulumi.json"} {
			path := filepath.Join(folder, name)
			text, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			flags, err := flagsOf(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			return flags, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return nil, nil
		}
		folder = parent
	}
}

// flagsOf makes flags of a project file's text. Options that the host has no flag for are left out, such as
// packagemanager.
func flagsOf(text []byte) ([]string, error) {
	var project struct {
		Runtime yaml.Node `yaml:"runtime"`
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		return nil, err
	}
	// The short form, `runtime: nodejs`, has no options.
	if project.Runtime.Kind != yaml.MappingNode {
		return nil, nil
	}
	var runtime struct {
		Options struct {
			TypeScript *bool   `yaml:"typescript"`
			TSConfig   *string `yaml:"tsconfig"`
			NodeArgs   *string `yaml:"nodeargs"`
		} `yaml:"options"`
	}
	if err := project.Runtime.Decode(&runtime); err != nil {
		return nil, err
	}
	var flags []string
	if value := runtime.Options.TypeScript; value != nil {
		flags = append(flags, fmt.Sprintf("-typescript=%t", *value))
	}
	if value := runtime.Options.TSConfig; value != nil {
		flags = append(flags, "-tsconfig="+*value)
	}
	if value := runtime.Options.NodeArgs; value != nil {
		flags = append(flags, "-nodeargs="+*value)
	}
	return flags, nil
}
