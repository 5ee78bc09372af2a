package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
)

// PrivateKey is the resource tls:index/privateKey:PrivateKey. Every change of an input replaces.
type PrivateKey struct{}

// Annotate gives the resource the official one's token.
func (k *PrivateKey) Annotate(a infer.Annotator) {
	a.SetToken("index/privateKey", "PrivateKey")
}

// PrivateKeyArgs are the inputs.
type PrivateKeyArgs struct {
	Algorithm  string  `pulumi:"algorithm"`
	EcdsaCurve *string `pulumi:"ecdsaCurve,optional"`
	RsaBits    *int    `pulumi:"rsaBits,optional"`
}

// PrivateKeyState is the inputs with their defaults, and the key in each of its forms.
type PrivateKeyState struct {
	Algorithm                  string `pulumi:"algorithm"`
	EcdsaCurve                 string `pulumi:"ecdsaCurve"`
	RsaBits                    int    `pulumi:"rsaBits"`
	PrivateKeyOpenssh          string `pulumi:"privateKeyOpenssh" provider:"secret"`
	PrivateKeyPem              string `pulumi:"privateKeyPem" provider:"secret"`
	PrivateKeyPemPkcs8         string `pulumi:"privateKeyPemPkcs8" provider:"secret"`
	PublicKeyFingerprintMd5    string `pulumi:"publicKeyFingerprintMd5"`
	PublicKeyFingerprintSha256 string `pulumi:"publicKeyFingerprintSha256"`
	PublicKeyOpenssh           string `pulumi:"publicKeyOpenssh"`
	PublicKeyPem               string `pulumi:"publicKeyPem"`
}

// Create draws the key.
func (*PrivateKey) Create(
	_ context.Context, req infer.CreateRequest[PrivateKeyArgs],
) (infer.CreateResponse[PrivateKeyState], error) {
	state := PrivateKeyState{Algorithm: req.Inputs.Algorithm, EcdsaCurve: "P224", RsaBits: 2048}
	if req.Inputs.EcdsaCurve != nil {
		state.EcdsaCurve = *req.Inputs.EcdsaCurve
	}
	if req.Inputs.RsaBits != nil {
		state.RsaBits = *req.Inputs.RsaBits
	}
	response := infer.CreateResponse[PrivateKeyState]{Output: state}
	if req.DryRun {
		return response, nil
	}
	key, err := state.draw()
	if err != nil {
		return response, err
	}
	if err := response.Output.encode(key); err != nil {
		return response, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	digest := sha1.Sum(public)
	response.ID = hex.EncodeToString(digest[:])
	return response, err
}

func (s *PrivateKeyState) draw() (crypto.Signer, error) {
	switch s.Algorithm {
	case "RSA":
		return rsa.GenerateKey(rand.Reader, s.RsaBits)
	case "ED25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	case "ECDSA":
		curves := map[string]elliptic.Curve{
			"P224": elliptic.P224(), "P256": elliptic.P256(), "P384": elliptic.P384(), "P521": elliptic.P521(),
		}
		if curve := curves[s.EcdsaCurve]; curve != nil {
			return ecdsa.GenerateKey(curve, rand.Reader)
		}
		return nil, fmt.Errorf("ecdsaCurve is %q; expected P224, P256, P384 or P521", s.EcdsaCurve)
	}
	return nil, fmt.Errorf("algorithm is %q; expected RSA, ECDSA or ED25519", s.Algorithm)
}

func (s *PrivateKeyState) encode(key crypto.Signer) error {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	s.PrivateKeyPemPkcs8 = block("PRIVATE KEY", pkcs8)
	switch key := key.(type) {
	case *rsa.PrivateKey:
		s.PrivateKeyPem = block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return err
		}
		s.PrivateKeyPem = block("EC PRIVATE KEY", der)
	default:
		s.PrivateKeyPem = s.PrivateKeyPemPkcs8
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	s.PublicKeyPem = block("PUBLIC KEY", public)
	return s.encodeOpenssh(key)
}

// encodeOpenssh leaves the SSH forms empty for P224, which SSH does not know.
func (s *PrivateKeyState) encodeOpenssh(key crypto.Signer) error {
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		return nil
	}
	private, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return err
	}
	s.PrivateKeyOpenssh = string(pem.EncodeToMemory(private))
	s.PublicKeyOpenssh = string(ssh.MarshalAuthorizedKey(public))
	s.PublicKeyFingerprintMd5 = ssh.FingerprintLegacyMD5(public)
	s.PublicKeyFingerprintSha256 = ssh.FingerprintSHA256(public)
	return nil
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
