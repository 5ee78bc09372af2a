// Stand-in for Pulumi's random provider: RandomPassword and RandomInteger, for tests and the demo
// where the official plugin cannot be had. Every change of an input replaces.
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
			infer.Resource(&RandomPassword{}),
			infer.Resource(&RandomInteger{}),
		},
	})
	if err := provider.Run(context.Background(), "random", version); err != nil {
		fmt.Fprintf(os.Stderr, "random plugin (stand-in): %v\n", err)
		os.Exit(1)
	}
}
