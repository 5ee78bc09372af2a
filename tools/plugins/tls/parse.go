package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// readBlock takes the first PEM block, which must be of one of the kinds given.
func readBlock(property, text string, kinds ...string) (*pem.Block, error) {
	found, _ := pem.Decode([]byte(text))
	if found == nil {
		return nil, fmt.Errorf("%s holds no PEM block; expected %v", property, kinds)
	}
	for _, kind := range kinds {
		if found.Type == kind {
			return found, nil
		}
	}
	return nil, fmt.Errorf("%s holds a PEM block %q; expected %v", property, found.Type, kinds)
}

// readKey reads any of the forms that PrivateKey writes.
func readKey(property string, text *string) (crypto.Signer, string, error) {
	if text == nil {
		return nil, "", fmt.Errorf("%s is missing (the stand-in knows no write-only keys)", property)
	}
	found, err := readBlock(property, *text, "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY")
	if err != nil {
		return nil, "", err
	}
	var key any
	switch found.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(found.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(found.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(found.Bytes)
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", property, err)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, "RSA", nil
	case *ecdsa.PrivateKey:
		return key, "ECDSA", nil
	case ed25519.PrivateKey:
		return key, "ED25519", nil
	}
	return nil, "", fmt.Errorf("%s holds a key of type %T; expected RSA, ECDSA or Ed25519", property, key)
}

func readCertificate(property, text string) (*x509.Certificate, error) {
	found, err := readBlock(property, text, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(found.Bytes)
}

func readRequest(property, text string) (*x509.CertificateRequest, error) {
	found, err := readBlock(property, text, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificateRequest(found.Bytes)
}
