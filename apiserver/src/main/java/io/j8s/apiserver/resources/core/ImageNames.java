package io.j8s.apiserver.resources.core;

import java.util.regex.Pattern;

/// The parts of an image's name that the API looks at.
final class ImageNames {

    private static final Pattern REPOSITORY = Pattern.compile("(?:[A-Za-z0-9.:\\[\\]-]+/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");

    private ImageNames() {}

    /// How an image is pulled when nothing else is said: `Always` for one whose tag is `latest` (also because it has none), else `IfNotPresent`.
    static String pullPolicy(String image) {
        int digest = image.indexOf('@');
        String named = digest < 0 ? image : image.substring(0, digest);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        String repository = tagged ? named.substring(0, colon) : named;
        if (!REPOSITORY.matcher(repository).matches()) {
            return "IfNotPresent";
        }
        boolean latest = tagged ? named.substring(colon + 1).equals("latest") : digest < 0;
        return latest ? "Always" : "IfNotPresent";
    }
}
