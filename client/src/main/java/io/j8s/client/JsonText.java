package io.j8s.client;

/// Spells values as JSON, for the small patches that components write by hand.
public final class JsonText {
    private JsonText() {}

    /// The text as a JSON string, with its quotes.
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /// A list of texts.
    public static String quoteAll(Iterable<String> texts) {
        StringBuilder out = new StringBuilder("[");
        for (String text : texts) {
            out.append(out.length() == 1 ? "" : ",").append(quote(text));
        }
        return out.append(']').toString();
    }
}
