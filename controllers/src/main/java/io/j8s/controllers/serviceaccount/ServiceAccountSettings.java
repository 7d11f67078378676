package io.j8s.controllers.serviceaccount;

import org.jspecify.annotations.Nullable;

/// @param rootCertificates in PEM, for pods to check the API server's certificate by (`--root-ca-file`); empty: an empty text is published, as pods mount it
/// @param signer makes tokens for secrets (`--service-account-private-key-file`); null: secrets get none
public record ServiceAccountSettings(String rootCertificates, @Nullable TokenSigner signer) {
    public static final ServiceAccountSettings DEFAULT = new ServiceAccountSettings("", null);
}
