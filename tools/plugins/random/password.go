package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/bcrypt"
)

// RandomPassword is the resource random:index/randomPassword:RandomPassword.
type RandomPassword struct{}

// Annotate gives the resource the official one's token.
func (r *RandomPassword) Annotate(a infer.Annotator) {
	a.SetToken("index/randomPassword", "RandomPassword")
}

// PasswordArgs are the inputs: a kind of character is used unless it is switched off.
type PasswordArgs struct {
	Keepers         map[string]string `pulumi:"keepers,optional"`
	Length          int               `pulumi:"length"`
	Lower           *bool             `pulumi:"lower,optional"`
	MinLower        *int              `pulumi:"minLower,optional"`
	MinNumeric      *int              `pulumi:"minNumeric,optional"`
	MinSpecial      *int              `pulumi:"minSpecial,optional"`
	MinUpper        *int              `pulumi:"minUpper,optional"`
	Number          *bool             `pulumi:"number,optional"`
	Numeric         *bool             `pulumi:"numeric,optional"`
	OverrideSpecial *string           `pulumi:"overrideSpecial,optional"`
	Special         *bool             `pulumi:"special,optional"`
	Upper           *bool             `pulumi:"upper,optional"`
}

// PasswordState is the inputs with their defaults, and the password.
type PasswordState struct {
	BcryptHash      string            `pulumi:"bcryptHash" provider:"secret"`
	Keepers         map[string]string `pulumi:"keepers,optional"`
	Length          int               `pulumi:"length"`
	Lower           bool              `pulumi:"lower"`
	MinLower        int               `pulumi:"minLower"`
	MinNumeric      int               `pulumi:"minNumeric"`
	MinSpecial      int               `pulumi:"minSpecial"`
	MinUpper        int               `pulumi:"minUpper"`
	Number          bool              `pulumi:"number"`
	Numeric         bool              `pulumi:"numeric"`
	OverrideSpecial *string           `pulumi:"overrideSpecial,optional"`
	Result          string            `pulumi:"result" provider:"secret"`
	Special         bool              `pulumi:"special"`
	Upper           bool              `pulumi:"upper"`
}

// Create draws the password.
func (*RandomPassword) Create(
	_ context.Context, req infer.CreateRequest[PasswordArgs],
) (infer.CreateResponse[PasswordState], error) {
	args := req.Inputs
	numeric := or(args.Numeric, or(args.Number, true))
	state := PasswordState{
		Keepers: args.Keepers, Length: args.Length, OverrideSpecial: args.OverrideSpecial,
		Lower: or(args.Lower, true), MinLower: or(args.MinLower, 0),
		Upper: or(args.Upper, true), MinUpper: or(args.MinUpper, 0),
		Number: numeric, Numeric: numeric, MinNumeric: or(args.MinNumeric, 0),
		Special: or(args.Special, true), MinSpecial: or(args.MinSpecial, 0),
	}
	response := infer.CreateResponse[PasswordState]{ID: "none", Output: state}
	if req.DryRun {
		return response, nil
	}
	password, err := state.draw()
	if err != nil {
		return response, err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return response, err
	}
	response.Output.Result, response.Output.BcryptHash = password, string(hash)
	return response, nil
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// draw takes the least number of each kind, fills up from all kinds and shuffles.
func (s *PasswordState) draw() (string, error) {
	special := or(s.OverrideSpecial, "!@#$%&*()-_=+[]{}<>:?")
	kinds := []struct {
		characters string
		used       bool
		least      int
	}{
		{"abcdefghijklmnopqrstuvwxyz", s.Lower, s.MinLower},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", s.Upper, s.MinUpper},
		{"0123456789", s.Numeric, s.MinNumeric},
		{special, s.Special, s.MinSpecial},
	}
	var drawn []byte
	all := ""
	for _, kind := range kinds {
		if kind.used {
			all += kind.characters
		}
		for range kind.least {
			drawn = append(drawn, kind.characters[below(len(kind.characters))])
		}
	}
	if all == "" || len(drawn) > s.Length {
		return "", fmt.Errorf("length %d with these kinds and minimums of characters is impossible", s.Length)
	}
	for len(drawn) < s.Length {
		drawn = append(drawn, all[below(len(all))])
	}
	for i := len(drawn) - 1; i > 0; i-- {
		j := below(i + 1)
		drawn[i], drawn[j] = drawn[j], drawn[i]
	}
	return string(drawn), nil
}

// below draws a number from 0 to limit-1; crypto/rand's reader never fails.
func below(limit int) int {
	drawn, _ := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	return int(drawn.Int64())
}
