// Stand-in for Pulumi's command provider: remote.Command and remote.CopyToRemote as tests and the demo
// need them where the official plugin cannot be had. test/conformance checks it against the official one.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// version is set when the plugin is linked; the engine compares it with the one the SDK asks for.
var version = "0.0.0"

func main() {
	provider := infer.Provider(infer.Options{
		Resources: []infer.InferredResource{
			infer.Resource(&Command{}),
			infer.Resource(&CopyToRemote{}),
		},
	})
	if err := provider.Run(context.Background(), "command", version); err != nil {
		fmt.Fprintf(os.Stderr, "command plugin (stand-in): %v\n", err)
		os.Exit(1)
	}
}
