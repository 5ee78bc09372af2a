package main

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Subject is whom a certificate is for.
type Subject struct {
	CommonName         *string  `pulumi:"commonName,optional"`
	Country            *string  `pulumi:"country,optional"`
	EmailAddress       *string  `pulumi:"emailAddress,optional"`
	Locality           *string  `pulumi:"locality,optional"`
	Organization       *string  `pulumi:"organization,optional"`
	OrganizationalUnit *string  `pulumi:"organizationalUnit,optional"`
	PostalCode         *string  `pulumi:"postalCode,optional"`
	Province           *string  `pulumi:"province,optional"`
	SerialNumber       *string  `pulumi:"serialNumber,optional"`
	StreetAddresses    []string `pulumi:"streetAddresses,optional"`
}

// Names are the subject and its alternative names.
type Names struct {
	Subject     *Subject `pulumi:"subject,optional" provider:"replaceOnChanges"`
	DNSNames    []string `pulumi:"dnsNames,optional" provider:"replaceOnChanges"`
	IPAddresses []string `pulumi:"ipAddresses,optional" provider:"replaceOnChanges"`
	URIs        []string `pulumi:"uris,optional" provider:"replaceOnChanges"`
}

func (s *Subject) name() pkix.Name {
	if s == nil {
		return pkix.Name{}
	}
	list := func(value *string) []string {
		if value == nil {
			return nil
		}
		return []string{*value}
	}
	name := pkix.Name{
		Country: list(s.Country), Organization: list(s.Organization), OrganizationalUnit: list(s.OrganizationalUnit),
		Locality: list(s.Locality), Province: list(s.Province), PostalCode: list(s.PostalCode),
		StreetAddress: s.StreetAddresses,
	}
	if s.CommonName != nil {
		name.CommonName = *s.CommonName
	}
	if s.SerialNumber != nil {
		name.SerialNumber = *s.SerialNumber
	}
	if s.EmailAddress != nil {
		emailAddress := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
		name.ExtraNames = []pkix.AttributeTypeAndValue{{Type: emailAddress, Value: *s.EmailAddress}}
	}
	return name
}

func (n *Names) request() (*x509.CertificateRequest, error) {
	request := &x509.CertificateRequest{Subject: n.Subject.name(), DNSNames: n.DNSNames}
	for _, text := range n.IPAddresses {
		address := net.ParseIP(text)
		if address == nil {
			return nil, fmt.Errorf("ipAddresses holds %q; expected an IP address", text)
		}
		request.IPAddresses = append(request.IPAddresses, address)
	}
	for _, text := range n.URIs {
		uri, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("uris holds %q: %w", text, err)
		}
		request.URIs = append(request.URIs, uri)
	}
	return request, nil
}

// CertRequest is the resource tls:index/certRequest:CertRequest. Every change of an input replaces.
type CertRequest struct{}

// Annotate gives the resource the official one's token.
func (c *CertRequest) Annotate(a infer.Annotator) {
	a.SetToken("index/certRequest", "CertRequest")
}

// CertRequestArgs are the inputs.
type CertRequestArgs struct {
	Names
	PrivateKeyPem *string `pulumi:"privateKeyPem,optional" provider:"secret"`
}

// CertRequestState adds the request.
type CertRequestState struct {
	CertRequestArgs
	CertRequestPem string `pulumi:"certRequestPem"`
	KeyAlgorithm   string `pulumi:"keyAlgorithm"`
}

// Create signs the request with its own key.
func (*CertRequest) Create(
	_ context.Context, req infer.CreateRequest[CertRequestArgs],
) (infer.CreateResponse[CertRequestState], error) {
	response := infer.CreateResponse[CertRequestState]{Output: CertRequestState{CertRequestArgs: req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	key, algorithm, err := readKey("privateKeyPem", req.Inputs.PrivateKeyPem)
	if err != nil {
		return response, err
	}
	request, err := req.Inputs.request()
	if err != nil {
		return response, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, request, key)
	digest := sha1.Sum(der)
	response.ID = hex.EncodeToString(digest[:])
	response.Output.CertRequestPem, response.Output.KeyAlgorithm = block("CERTIFICATE REQUEST", der), algorithm
	return response, err
}
