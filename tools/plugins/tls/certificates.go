package main

import (
	"context"
	"crypto/x509"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// SelfSignedCert is the resource tls:index/selfSignedCert:SelfSignedCert.
type SelfSignedCert struct{}

// Annotate gives the resource the official one's token.
func (c *SelfSignedCert) Annotate(a infer.Annotator) {
	a.SetToken("index/selfSignedCert", "SelfSignedCert")
}

// SelfSignedCertArgs are the inputs.
type SelfSignedCertArgs struct {
	Names
	Terms
	PrivateKeyPem     *string `pulumi:"privateKeyPem,optional" provider:"secret,replaceOnChanges"`
	SetAuthorityKeyID *bool   `pulumi:"setAuthorityKeyId,optional" provider:"replaceOnChanges"`
}

// SelfSignedCertState adds the certificate.
type SelfSignedCertState struct {
	Names
	Issued
	PrivateKeyPem     *string `pulumi:"privateKeyPem,optional" provider:"secret"`
	SetAuthorityKeyID bool    `pulumi:"setAuthorityKeyId"`
	KeyAlgorithm      string  `pulumi:"keyAlgorithm"`
}

// Create signs the certificate with its own key.
func (*SelfSignedCert) Create(
	_ context.Context, req infer.CreateRequest[SelfSignedCertArgs],
) (infer.CreateResponse[SelfSignedCertState], error) {
	args := req.Inputs
	response := infer.CreateResponse[SelfSignedCertState]{Output: SelfSignedCertState{
		Names: args.Names, Issued: args.issued(), PrivateKeyPem: args.PrivateKeyPem,
		SetAuthorityKeyID: or(args.SetAuthorityKeyID, false),
	}}
	if req.DryRun {
		return response, nil
	}
	key, algorithm, err := readKey("privateKeyPem", args.PrivateKeyPem)
	if err != nil {
		return response, err
	}
	template, err := args.template(key.Public())
	if err != nil {
		return response, err
	}
	names, err := args.request()
	if err != nil {
		return response, err
	}
	name(template, names)
	if response.Output.SetAuthorityKeyID {
		if template.AuthorityKeyId, err = keyID(key.Public()); err != nil {
			return response, err
		}
	}
	response.Output.KeyAlgorithm = algorithm
	response.ID, err = response.Output.sign(template, template, key.Public(), key)
	return response, err
}

func name(template *x509.Certificate, request *x509.CertificateRequest) {
	template.Subject = request.Subject
	template.DNSNames, template.IPAddresses, template.URIs = request.DNSNames, request.IPAddresses, request.URIs
}

// Update keeps the certificate: only earlyRenewalHours can have changed.
func (*SelfSignedCert) Update(
	_ context.Context, req infer.UpdateRequest[SelfSignedCertArgs, SelfSignedCertState],
) (infer.UpdateResponse[SelfSignedCertState], error) {
	state := req.State
	state.EarlyRenewalHours = or(req.Inputs.EarlyRenewalHours, 0)
	return infer.UpdateResponse[SelfSignedCertState]{Output: state}, nil
}

// LocallySignedCert is the resource tls:index/locallySignedCert:LocallySignedCert.
type LocallySignedCert struct{}

// Annotate gives the resource the official one's token.
func (c *LocallySignedCert) Annotate(a infer.Annotator) {
	a.SetToken("index/locallySignedCert", "LocallySignedCert")
}

// LocallySignedCertArgs are the inputs.
type LocallySignedCertArgs struct {
	Terms
	Signing
}

// Signing is the request and the authority that signs it.
type Signing struct {
	CaCertPem       string  `pulumi:"caCertPem" provider:"replaceOnChanges"`
	CaPrivateKeyPem *string `pulumi:"caPrivateKeyPem,optional" provider:"secret,replaceOnChanges"`
	CertRequestPem  string  `pulumi:"certRequestPem" provider:"replaceOnChanges"`
}

// LocallySignedCertState adds the certificate.
type LocallySignedCertState struct {
	Issued
	Signing
	CaKeyAlgorithm string `pulumi:"caKeyAlgorithm"`
}

// Create signs the request with the authority's key.
func (*LocallySignedCert) Create(
	_ context.Context, req infer.CreateRequest[LocallySignedCertArgs],
) (infer.CreateResponse[LocallySignedCertState], error) {
	args := req.Inputs
	response := infer.CreateResponse[LocallySignedCertState]{
		Output: LocallySignedCertState{Issued: args.issued(), Signing: args.Signing},
	}
	if req.DryRun {
		return response, nil
	}
	key, algorithm, err := readKey("caPrivateKeyPem", args.CaPrivateKeyPem)
	if err != nil {
		return response, err
	}
	authority, err := readCertificate("caCertPem", args.CaCertPem)
	if err != nil {
		return response, err
	}
	request, err := readRequest("certRequestPem", args.CertRequestPem)
	if err != nil {
		return response, err
	}
	template, err := args.template(request.PublicKey)
	if err != nil {
		return response, err
	}
	name(template, request)
	response.Output.CaKeyAlgorithm = algorithm
	response.ID, err = response.Output.sign(template, authority, request.PublicKey, key)
	return response, err
}

// Update keeps the certificate: only earlyRenewalHours can have changed.
func (*LocallySignedCert) Update(
	_ context.Context, req infer.UpdateRequest[LocallySignedCertArgs, LocallySignedCertState],
) (infer.UpdateResponse[LocallySignedCertState], error) {
	state := req.State
	state.EarlyRenewalHours = or(req.Inputs.EarlyRenewalHours, 0)
	return infer.UpdateResponse[LocallySignedCertState]{Output: state}, nil
}
