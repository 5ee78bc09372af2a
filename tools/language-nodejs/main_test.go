package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestFlags(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		flags []string
	}{
		"short form":       {"name: a\nruntime: nodejs\n", nil},
		"no options":       {"runtime:\n  name: nodejs\n", nil},
		"all of them":      {"runtime:\n  name: nodejs\n  options:\n    typescript: false\n    tsconfig: t.json\n    nodeargs: \"--require x\"\n", []string{"-typescript=false", "-tsconfig=t.json", "-nodeargs=--require x"}},
		"flow style":       {`runtime: {name: nodejs, options: {typescript: true}}`, []string{"-typescript=true"}},
		"what has no flag": {"runtime:\n  name: nodejs\n  options:\n    packagemanager: npm\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			below := filepath.Join(folder, "below")
			if err := os.Mkdir(below, 0o700); err != nil {
				t.Fatal(err)
			}
			for _, at := range []string{folder, below} {
				flags, err := projectFlags(at)
				if err != nil || !reflect.DeepEqual(flags, test.flags) {
					t.Errorf("found %q, %v; expected %q", flags, err, test.flags)
				}
			}
		})
	}
}

func TestMistakesAreErrors(t *testing.T) {
	for _, text := range []string{"runtime: [", "runtime:\n  options:\n    typescript: maybe\n"} {
		if flags, err := flagsOf([]byte(text)); err == nil {
			t.Errorf("found %q, expected an error for %q", flags, text)
		}
	}
}
