package io.j8s.apiserver.encoding;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The encodings of API objects.
public enum MediaType {
    JSON("application", "json"),
    YAML("application", "yaml"),
    PROTOBUF("application", "vnd.kubernetes.protobuf"),
    /// Only where the feature CBORServingAndStorage is on.
    CBOR("application", "cbor");

    /// Those of built-in resources, in the order of preference.
    public static final List<MediaType> ALL = List.of(JSON, YAML, PROTOBUF);

    /// Those of resources whose types have no protobuf form.
    public static final List<MediaType> TEXTUAL = List.of(JSON, YAML);

    private final String type;
    private final String subtype;
    private final String text;

    MediaType(String type, String subtype) {
        this.type = type;
        this.subtype = subtype;
        this.text = type + "/" + subtype;
    }

    public String text() {
        return text;
    }

    /// How a stream of events is called.
    public String streamText() {
        return this == CBOR ? "application/cbor-seq" : text + ";stream=watch";
    }

    boolean accepts(String otherType, String otherSubtype) {
        return (type.equals(otherType) && (subtype.equals(otherSubtype) || otherSubtype.equals("*"))) || (otherType.equals("*") && (otherSubtype.equals("*") || otherSubtype.isEmpty()));
    }

    boolean isNamedBy(String otherType, String otherSubtype) {
        return (type.equals(otherType) && subtype.equals(otherSubtype)) || (otherType.equals("*") && otherSubtype.equals("*"));
    }

    /// The type of a body by its `content-type`; JSON when it says nothing; null for one that is not known.
    public static @Nullable MediaType ofBody(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return JSON;
        }
        String name = essence(contentType);
        if (name == null) {
            return null;
        }
        for (MediaType one : values()) {
            if (one.text.equals(name)) {
                return one;
            }
        }
        return null;
    }

    /// `type/subtype` in lower case; null when the header is malformed.
    private static @Nullable String essence(String contentType) {
        int semicolon = contentType.indexOf(';');
        if (semicolon >= 0 && !parametersWellFormed(contentType.substring(semicolon + 1))) {
            return null;
        }
        String name = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean parametersWellFormed(String parameters) {
        String[] all = parameters.split(";", -1);
        for (int i = 0; i < all.length; i++) {
            String one = all[i].strip();
            boolean last = i == all.length - 1;
            if (one.isEmpty() ? !last : one.indexOf('=') <= 0) {
                return false;
            }
        }
        return true;
    }
}
