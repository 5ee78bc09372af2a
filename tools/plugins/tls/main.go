// Stand-in for Pulumi's tls provider: keys and certificates, for tests and the demo where the
// official plugin cannot be had.
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
			infer.Resource(&PrivateKey{}),
			infer.Resource(&CertRequest{}),
			infer.Resource(&SelfSignedCert{}),
			infer.Resource(&LocallySignedCert{}),
		},
	})
	provider.Diff = replaceWhenDue(provider.Diff)
	if err := provider.Run(context.Background(), "tls", version); err != nil {
		fmt.Fprintf(os.Stderr, "tls plugin (stand-in): %v\n", err)
		os.Exit(1)
	}
}
