package main

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Command is the resource command:remote:Command.
type Command struct{}

// Annotate gives the resource the official one's token.
func (c *Command) Annotate(a infer.Annotator) {
	a.SetToken("remote", "Command")
}

// Args are the inputs. Only a change of triggers replaces; every other change updates.
type Args struct {
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Triggers               *[]any            `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Logging                *Logging          `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Result is what the last run of a command printed, each without its last newline.
type Result struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// State is what Pulumi keeps: the inputs of the last successful run and its result.
type State struct {
	Args
	Result
}

// Create runs `create`. When it fails nothing reaches the state.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[Args],
) (infer.CreateResponse[State], error) {
	response := infer.CreateResponse[State]{Output: State{Args: req.Inputs}}
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	if err != nil {
		return response, err
	}
	response.ID = id
	if req.DryRun || req.Inputs.Create == nil {
		return response, nil
	}
	response.Output.Result, err = execute(ctx, *req.Inputs.Create, req.Inputs, Result{})
	return response, err
}

// Update runs `update`, or `create` where there is none. When it fails the old inputs stay in the
// state, so that the next preview still shows the change.
func (*Command) Update(
	ctx context.Context, req infer.UpdateRequest[Args, State],
) (infer.UpdateResponse[State], error) {
	response := infer.UpdateResponse[State]{Output: State{Args: req.Inputs, Result: req.State.Result}}
	command := req.Inputs.Update
	if command == nil {
		command = req.Inputs.Create
	}
	if req.DryRun || command == nil {
		return response, nil
	}
	result, err := execute(ctx, *command, req.Inputs, req.State.Result)
	if err == nil {
		response.Output.Result = result
	}
	return response, err
}

// Delete runs the state's own `delete`, with the state's connection and stdin.
func (*Command) Delete(ctx context.Context, req infer.DeleteRequest[State]) (infer.DeleteResponse, error) {
	if req.State.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	_, err := execute(ctx, *req.State.Delete, req.State.Args, req.State.Result)
	return infer.DeleteResponse{}, err
}
