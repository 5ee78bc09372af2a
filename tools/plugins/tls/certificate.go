package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"fmt"
	"math/big"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Terms are the inputs that both kinds of certificates have. A change replaces; only
// earlyRenewalHours is about this state and not the certificate, and updates.
type Terms struct {
	AllowedUses         []string `pulumi:"allowedUses" provider:"replaceOnChanges"`
	EarlyRenewalHours   *int     `pulumi:"earlyRenewalHours,optional"`
	IsCaCertificate     *bool    `pulumi:"isCaCertificate,optional" provider:"replaceOnChanges"`
	MaxPathLength       *int     `pulumi:"maxPathLength,optional" provider:"replaceOnChanges"`
	SetSubjectKeyID     *bool    `pulumi:"setSubjectKeyId,optional" provider:"replaceOnChanges"`
	ValidityPeriodHours int      `pulumi:"validityPeriodHours" provider:"replaceOnChanges"`
}

// Issued is the terms with their defaults, and the certificate.
type Issued struct {
	AllowedUses         []string `pulumi:"allowedUses"`
	EarlyRenewalHours   int      `pulumi:"earlyRenewalHours"`
	IsCaCertificate     bool     `pulumi:"isCaCertificate"`
	MaxPathLength       int      `pulumi:"maxPathLength"`
	SetSubjectKeyID     bool     `pulumi:"setSubjectKeyId"`
	ValidityPeriodHours int      `pulumi:"validityPeriodHours"`
	CertPem             string   `pulumi:"certPem"`
	ReadyForRenewal     bool     `pulumi:"readyForRenewal"`
	ValidityEndTime     string   `pulumi:"validityEndTime"`
	ValidityStartTime   string   `pulumi:"validityStartTime"`
}

func (t *Terms) issued() Issued {
	return Issued{
		AllowedUses:         t.AllowedUses,
		EarlyRenewalHours:   or(t.EarlyRenewalHours, 0),
		IsCaCertificate:     or(t.IsCaCertificate, false),
		MaxPathLength:       or(t.MaxPathLength, -1),
		SetSubjectKeyID:     or(t.SetSubjectKeyID, false),
		ValidityPeriodHours: t.ValidityPeriodHours,
	}
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// template is the certificate without names and signature.
func (t *Terms) template(public crypto.PublicKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	certificate := &x509.Certificate{
		SerialNumber:          serial,
		NotBefore:             now,
		NotAfter:              now.Add(time.Duration(t.ValidityPeriodHours) * time.Hour),
		BasicConstraintsValid: true,
		IsCA:                  or(t.IsCaCertificate, false),
	}
	if length := or(t.MaxPathLength, -1); certificate.IsCA && length >= 0 {
		certificate.MaxPathLen, certificate.MaxPathLenZero = length, length == 0
	}
	for _, use := range t.AllowedUses {
		if usage, known := keyUsages[use]; known {
			certificate.KeyUsage |= usage
		} else if usage, known := extendedKeyUsages[use]; known {
			certificate.ExtKeyUsage = append(certificate.ExtKeyUsage, usage)
		} else {
			return nil, fmt.Errorf("allowedUses holds %q, which is no key usage of RFC 5280", use)
		}
	}
	if or(t.SetSubjectKeyID, false) {
		certificate.SubjectKeyId, err = keyID(public)
	}
	return certificate, err
}

func keyID(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	digest := sha1.Sum(der)
	return digest[:], err
}

// sign completes the certificate and returns its id, which is its serial number.
func (i *Issued) sign(template, parent *x509.Certificate, public crypto.PublicKey, by crypto.Signer) (string, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, by)
	if err != nil {
		return "", err
	}
	i.CertPem = block("CERTIFICATE", der)
	i.ValidityStartTime = template.NotBefore.Format(time.RFC3339)
	i.ValidityEndTime = template.NotAfter.Format(time.RFC3339)
	return template.SerialNumber.String(), nil
}

// replaceWhenDue makes the engine replace a certificate whose end is nearer than earlyRenewalHours,
// shown as a change of readyForRenewal.
func replaceWhenDue(
	diff func(context.Context, p.DiffRequest) (p.DiffResponse, error),
) func(context.Context, p.DiffRequest) (p.DiffResponse, error) {
	return func(ctx context.Context, req p.DiffRequest) (p.DiffResponse, error) {
		response, err := diff(ctx, req)
		if err != nil || !due(req.State, req.Inputs, time.Now()) {
			return response, err
		}
		if response.DetailedDiff == nil {
			response.DetailedDiff = map[string]p.PropertyDiff{}
		}
		response.DetailedDiff["readyForRenewal"] = p.PropertyDiff{Kind: p.UpdateReplace}
		response.HasChanges = true
		return response, nil
	}
}

func due(state, inputs property.Map, now time.Time) bool {
	end := state.Get("validityEndTime")
	if !end.IsString() {
		return false
	}
	at, err := time.Parse(time.RFC3339, end.AsString())
	if hours := inputs.Get("earlyRenewalHours"); hours.IsNumber() {
		at = at.Add(-time.Duration(hours.AsNumber()) * time.Hour)
	}
	return err == nil && !now.Before(at)
}
