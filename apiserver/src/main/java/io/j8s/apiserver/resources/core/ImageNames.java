package io.j8s.apiserver.resources.core;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parts of an image's name that the API looks at, by the grammar of the distribution project.
final class ImageNames {

    private static final String ALPHANUMERIC = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN = "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
    private static final Pattern REFERENCE =
            Pattern.compile("(?<path>" + ALPHANUMERIC + "(?:/" + ALPHANUMERIC + ")*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>" + DIGEST + "))?");
    private static final Pattern HOST = Pattern.compile(DOMAIN);
    private static final Pattern KNOWN_DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final String LIBRARY = "library/";
    private static final int LONGEST_PATH = 255;

    private ImageNames() {}

    /// How an image is pulled when nothing else is said: `Always` for one whose tag is `latest` (also because it has none), else `IfNotPresent`; so too for what is no image.
    static String pullPolicy(String image) {
        return isLatest(image) ? "Always" : "IfNotPresent";
    }

    private static boolean isLatest(String image) {
        if (IDENTIFIER.matcher(image).matches()) {
            return false;
        }
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean hosted = first.equals("localhost") || first.contains(".") || first.contains(":") || !first.toLowerCase(Locale.ROOT).equals(first);
        String rest = hosted ? image.substring(slash + 1) : image;
        boolean ofLibrary = !rest.contains("/") && (!hosted || first.equals("docker.io") || first.equals("index.docker.io"));
        Matcher reference = REFERENCE.matcher(ofLibrary ? LIBRARY + rest : rest);
        if (hosted && !HOST.matcher(first).matches() || !reference.matches() || reference.group("path").length() > LONGEST_PATH) {
            return false;
        }
        String digest = reference.group("digest");
        String tag = reference.group("tag");
        if (digest != null && !KNOWN_DIGEST.matcher(digest).matches()) {
            return false;
        }
        return tag == null ? digest == null : tag.equals("latest");
    }
}
