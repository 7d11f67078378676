package io.j8s.controllers.pods;

import io.j8s.model.Json;
import io.j8s.model.Struct;
import java.nio.charset.StandardCharsets;

/// Short names for contents, made of letters that spell no words.
///
/// The same content always has the same name here. Upstream's names for the same content differ (they hash a memory dump of Go's), which is why nobody may tell by the name
/// whether two contents are equal.
public final class TemplateHash {
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private TemplateHash() {}

    /// @param collisions how often this name was found taken by another content
    public static String of(Struct content, int collisions) {
        int hash = FNV_OFFSET;
        for (byte b : Json.write(content)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        if (collisions > 0) {
            for (byte b : Integer.toString(collisions).getBytes(StandardCharsets.US_ASCII)) {
                hash = (hash ^ b) * FNV_PRIME;
            }
        }
        return encode(Integer.toUnsignedString(hash));
    }

    /// Replaces each character by one of those that spell no words.
    public static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.append(LETTERS.charAt(text.charAt(i) % LETTERS.length()));
        }
        return out.toString();
    }
}
