package io.j8s.model;

/// Spreads well-formed JSON over lines.
final class JsonIndent {

    private JsonIndent() {}

    static byte[] indented(byte[] json) {
        ByteOutput out = new ByteOutput(json.length * 2);
        int depth = 0;
        boolean opened = false;
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (b == ' ' || b == '\n' || b == '\t' || b == '\r') {
                continue;
            }
            boolean closes = b == '}' || b == ']';
            if (opened && !closes) {
                line(out, ++depth);
            } else if (closes && !opened) {
                line(out, --depth);
            }
            opened = b == '{' || b == '[';
            if (b == '"') {
                i = string(out, json, i);
                continue;
            }
            out.put(b);
            if (b == ',') {
                line(out, depth);
            } else if (b == ':') {
                out.put(' ');
            }
        }
        return out.toArray();
    }

    private static int string(ByteOutput out, byte[] json, int start) {
        int end = start + 1;
        while (json[end] != '"') {
            end += json[end] == '\\' ? 2 : 1;
        }
        out.put(json, start, end + 1 - start);
        return end;
    }

    private static void line(ByteOutput out, int depth) {
        out.put('\n');
        for (int i = 0; i < depth; i++) {
            out.put(' ');
            out.put(' ');
        }
    }
}
