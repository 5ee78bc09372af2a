package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/crc64"
	"math/big"
	seeded "math/rand"
	"strconv"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomInteger is the resource random:index/randomInteger:RandomInteger.
type RandomInteger struct{}

// Annotate gives the resource the official one's token.
func (r *RandomInteger) Annotate(a infer.Annotator) {
	a.SetToken("index/randomInteger", "RandomInteger")
}

// IntegerArgs are the inputs; both ends of the range belong to it.
type IntegerArgs struct {
	Keepers map[string]string `pulumi:"keepers,optional"`
	Max     int               `pulumi:"max"`
	Min     int               `pulumi:"min"`
	Seed    *string           `pulumi:"seed,optional"`
}

// IntegerState adds the number.
type IntegerState struct {
	IntegerArgs
	Result int `pulumi:"result"`
}

// Create draws the number; a seed gives the same one every time.
func (*RandomInteger) Create(
	_ context.Context, req infer.CreateRequest[IntegerArgs],
) (infer.CreateResponse[IntegerState], error) {
	response := infer.CreateResponse[IntegerState]{Output: IntegerState{IntegerArgs: req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	size := req.Inputs.Max - req.Inputs.Min + 1
	if size < 1 {
		return response, fmt.Errorf("the minimum value %d is greater than the maximum value %d",
			req.Inputs.Min, req.Inputs.Max)
	}
	offset := 0
	if seed := req.Inputs.Seed; seed != nil && *seed != "" {
		sum := crc64.Checksum([]byte(*seed), crc64.MakeTable(crc64.ISO))
		offset = seeded.New(seeded.NewSource(int64(sum))).Intn(size)
	} else {
		drawn, err := rand.Int(rand.Reader, big.NewInt(int64(size)))
		if err != nil {
			return response, err
		}
		offset = int(drawn.Int64())
	}
	response.Output.Result = req.Inputs.Min + offset
	response.ID = strconv.Itoa(response.Output.Result)
	return response, nil
}
