package io.j8s.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields that a manager owns: the value of `fieldsV1` in an entry of `managedFields`.
///
/// Holds its JSON text, its parsed form, or both; each is made from the other when first asked for. The parsed form is kept, and the text of sets that are [#common]: of the others, which one object
/// holds each (there is an address in them), a large cluster would keep a text for each pod that is read once or twice. A set that was read and is only written again is never parsed.
/// Immutable and safe to share: two threads may at worst both do the same work once.
///
/// Source: the FieldsV1 format of structured-merge-diff (KEP-555).
public final class FieldSet {

    public static final FieldSet EMPTY = of(FieldTree.EMPTY);

    private volatile byte @Nullable [] json;
    private volatile @Nullable FieldTree tree;
    private volatile boolean common;

    private FieldSet(byte @Nullable [] json, @Nullable FieldTree tree) {
        this.json = json;
        this.tree = tree;
    }

    /// A set from its JSON text, not looked at yet. The array belongs to the set from here on.
    public static FieldSet ofJson(byte[] json) {
        return new FieldSet(json, null);
    }

    public static FieldSet ofJson(String json) {
        return ofJson(json.getBytes(StandardCharsets.UTF_8));
    }

    public static FieldSet of(FieldTree tree) {
        return new FieldSet(null, tree);
    }

    /// Loaded with the first text: a server that has just started only writes.
    private static final class Parsers {
        static final JsonFactory FACTORY = new JsonFactory();
    }

    /// The same set; its text is worth keeping, as several objects hold it.
    public FieldSet common() {
        if (!common) {
            common = true;
        }
        return this;
    }

    /// The text is not FieldsV1.
    public static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedException(IOException cause) {
            super("fieldsV1: malformed: " + cause.getMessage(), cause);
        }
    }

    /// The JSON text, UTF-8. Not to be changed.
    public byte[] json() {
        byte[] known = json;
        if (known == null) {
            StringBuilder text = new StringBuilder(512);
            tree().write(text);
            known = text.toString().getBytes(StandardCharsets.UTF_8);
            if (common) {
                json = known;
            }
        }
        return known;
    }

    /// The parsed form.
    ///
    /// @throws MalformedException when the text is not FieldsV1
    public FieldTree tree() {
        FieldTree known = tree;
        if (known == null) {
            byte[] text = json;
            if (text == null) {
                throw new IllegalStateException("a field set has neither text nor tree");
            }
            known = parse(text);
            tree = known;
        }
        return known;
    }

    private static FieldTree parse(byte[] json) {
        try (JsonParser parser = Parsers.FACTORY.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return FieldTree.EMPTY;
            }
            FieldTree tree = object(parser).tree;
            if (parser.nextToken() != null) {
                throw new IOException("unexpected text after the object");
            }
            return tree;
        } catch (IOException e) {
            throw new MalformedException(e);
        }
    }

    private record Parsed(FieldTree tree, boolean member) {}

    private static Parsed object(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return new Parsed(FieldTree.EMPTY, true);
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("expected an object, found " + parser.getText());
        }
        FieldTree.Builder builder = new FieldTree.Builder();
        boolean member = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            if (key.equals(".")) {
                member = true;
                parser.skipChildren();
                continue;
            }
            PathElement element = PathText.parse(key);
            if (element == null) {
                parser.skipChildren();
                continue;
            }
            Parsed child = object(parser);
            builder.add(element, child.member || child.tree.isEmpty(), child.tree);
        }
        return new Parsed(builder.build(), member);
    }

    /// Whether nothing is in it.
    public boolean isEmpty() {
        return tree().isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof FieldSet set)) {
            return false;
        }
        byte[] mine = json;
        byte[] theirs = set.json;
        if (mine != null && theirs != null && Arrays.equals(mine, theirs)) {
            return true;
        }
        try {
            return tree().equals(set.tree());
        } catch (MalformedException e) {
            return false;
        }
    }

    @Override
    public int hashCode() {
        try {
            return tree().hashCode();
        } catch (MalformedException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return new String(json(), StandardCharsets.UTF_8);
    }
}
