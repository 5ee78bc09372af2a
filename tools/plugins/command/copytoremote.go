package main

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// CopyToRemote is the resource command:remote:CopyToRemote, for file assets alone. It has no Delete:
// what was copied stays on the host, as the official one leaves it.
type CopyToRemote struct{}

// Annotate gives the resource the official one's token.
func (c *CopyToRemote) Annotate(a infer.Annotator) {
	a.SetToken("remote", "CopyToRemote")
}

// CopyArgs are the inputs. Only a change of triggers replaces; every other change updates.
type CopyArgs struct {
	Connection *Connection          `pulumi:"connection" provider:"secret"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
}

// CopyState is what Pulumi keeps: the inputs. Of the file that is its path and its hash, not its bytes.
type CopyState struct{ CopyArgs }

// hash is the one that the engine made of the file's bytes. It is empty for an archive, which only
// the official provider can have put into the state: then any file is a change.
func (args *CopyArgs) hash() string {
	if args.Source.Asset == nil {
		return ""
	}
	return args.Source.Asset.Hash
}

// Check refuses what the official provider would copy and this one would not.
func (*CopyToRemote) Check(ctx context.Context, req infer.CheckRequest) (infer.CheckResponse[CopyArgs], error) {
	args, failures, err := infer.DefaultCheck[CopyArgs](ctx, req.NewInputs)
	if args.Source.Archive != nil || args.Source.Asset == nil || !args.Source.Asset.IsPath() {
		failures = append(failures, p.CheckFailure{
			Property: "source",
			Reason:   "the stand-in copies file assets only",
		})
	}
	return infer.CheckResponse[CopyArgs]{Inputs: args, Failures: failures}, err
}

// Create copies. When that fails nothing reaches the state, whatever has reached the host.
func (*CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyArgs],
) (infer.CreateResponse[CopyState], error) {
	response := infer.CreateResponse[CopyState]{Output: CopyState{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	if err := copyFile(ctx, req.Inputs); err != nil {
		return response, err
	}
	id, err := resource.NewUniqueHex("", 8, 0)
	response.ID = id
	return response, err
}

// Update copies when the bytes or the place changed. A new way to the host is only written down, so
// that another host behind it does not get the file: that takes a change of triggers.
func (*CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyArgs, CopyState],
) (infer.UpdateResponse[CopyState], error) {
	response := infer.UpdateResponse[CopyState]{Output: CopyState{req.Inputs}}
	changed := req.Inputs.hash() != req.State.hash() || req.Inputs.RemotePath != req.State.RemotePath
	if req.DryRun || !changed {
		return response, nil
	}
	return response, copyFile(ctx, req.Inputs)
}
