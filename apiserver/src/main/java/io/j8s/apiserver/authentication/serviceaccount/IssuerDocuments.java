package io.j8s.apiserver.authentication.serviceaccount;

import io.j8s.apiserver.authentication.token.VerifyingKey;
import io.j8s.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What others need to check tokens of service accounts (OpenID Connect Discovery 1.0): the description of the issuer and its keys.
public final class IssuerDocuments {

    public static final String CONFIGURATION_PATH = "/.well-known/openid-configuration";
    public static final String KEYS_PATH = "/openid/v1/jwks";

    private IssuerDocuments() {}

    /// Whether the issuer is a URL that can be described at all.
    public static boolean describable(ServiceAccountKeys keys) {
        return keys.issuer().startsWith("https://");
    }

    /// The document at `/.well-known/openid-configuration`.
    ///
    /// @param serverUrl the address under which clients outside reach the server
    public static byte[] configuration(ServiceAccountKeys keys, String serverUrl) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", keys.issuer());
        document.put("jwks_uri", keys.jwksUri().isEmpty() ? serverUrl + KEYS_PATH : keys.jwksUri());
        document.put("response_types_supported", List.of("id_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", keys.verifying().stream().map(key -> key.jwk().get("alg")).distinct().toList());
        return Json.writePlain(document);
    }

    /// The document at `/openid/v1/jwks`.
    public static byte[] keys(ServiceAccountKeys keys) {
        return Json.writePlain(Map.of("keys", keys.verifying().stream().map(VerifyingKey::jwk).toList()));
    }
}
