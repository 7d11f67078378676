package io.j8s.apiserver.encoding;

import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import org.jspecify.annotations.Nullable;

/// What upstream's generated decoders find first in a protobuf message that is malformed. Fields whose layout differs from what their shape says are passed over.
final class GoProtobuf {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int GROUP_END = 4;
    private static final int FIXED32 = 5;
    private static final int LONGEST_VARINT = 10;

    private final byte[] bytes;
    private int at;

    private GoProtobuf(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Ends the search: what is wrong.
    private static final class Problem extends Exception {
        private static final long serialVersionUID = 1;

        Problem(String what) {
            super(what, null, false, false);
        }

        static Problem cutOff() {
            return new Problem("unexpected EOF");
        }
    }

    /// Null: nothing that upstream would mind.
    static @Nullable String error(byte[] bytes, Type type) {
        try {
            new GoProtobuf(bytes).message(type, bytes.length);
            return null;
        } catch (Problem problem) {
            return problem.getMessage();
        }
    }

    /// The same for the envelope around an object.
    static @Nullable String envelopeError(byte[] bytes, int from) {
        GoProtobuf reader = new GoProtobuf(bytes);
        reader.at = from;
        try {
            while (reader.at < bytes.length) {
                long tag = reader.tag("Unknown");
                String name = switch ((int) (tag >>> 3)) {
                    case 1 -> "TypeMeta";
                    case 2 -> "Raw";
                    case 3 -> "ContentEncoding";
                    case 4 -> "ContentType";
                    default -> "";
                };
                if (!name.isEmpty() && (tag & 7) != LENGTH) {
                    throw new Problem("proto: wrong wireType = " + (tag & 7) + " for field " + name);
                }
                reader.skip((int) (tag & 7), bytes.length);
            }
            return null;
        } catch (Problem problem) {
            return problem.getMessage();
        }
    }

    private void message(Type type, int end) throws Problem {
        while (at < end) {
            long tag = tag(GoTypes.struct(type));
            int wire = (int) (tag & 7);
            Field field = field(type, (int) (tag >>> 3));
            if (field == null || field.wire() != Field.Wire.PLAIN) {
                skip(wire, end);
                continue;
            }
            int wanted = wire(field.shape());
            if (wire != wanted) {
                throw new Problem("proto: wrong wireType = " + wire + " for field " + name(field));
            }
            Type inner = field.shape() instanceof Shape.Message message ? message.type()
                    : field.shape() instanceof Shape.ListOf list && list.element() instanceof Shape.Message element ? element.type() : null;
            if (inner == null) {
                skip(wire, end);
            } else {
                int length = length(end);
                message(inner, at + length);
            }
        }
    }

    private long tag(String struct) throws Problem {
        long tag = varint(bytes.length);
        if ((tag & 7) == GROUP_END) {
            throw new Problem("proto: " + struct + ": wiretype end group for non-group");
        }
        if ((int) (tag >>> 3) <= 0) {
            throw new Problem("proto: " + struct + ": illegal tag " + (int) (tag >>> 3) + " (wire type " + tag + ")");
        }
        return tag;
    }

    private static @Nullable Field field(Type type, int number) {
        for (Field field : type.fields()) {
            if (field.wrappers().isEmpty() && field.number() == number) {
                return field;
            }
        }
        return null;
    }

    private static int wire(Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> switch (scalar) {
                case BOOL, INT32, INT64 -> VARINT;
                case DOUBLE -> FIXED64;
                case STRING, BYTES, QUANTITY, TIME, MICRO_TIME, INT_OR_STRING, DURATION, JSON, RAW, FIELDS -> LENGTH;
            };
            case Shape.ListOf list -> wire(list.element());
            case Shape.Message message -> LENGTH;
            case Shape.MapOf map -> LENGTH;
        };
    }

    /// What Go calls the field: mostly as JSON does, with a capital letter.
    private static String name(Field field) {
        return switch (field.name()) {
            case "metadata" -> field.shape() instanceof Shape.Message message && message.type().name().endsWith(".ListMeta") ? "ListMeta" : "ObjectMeta";
            case "uid" -> "UID";
            case "apiVersion" -> "APIVersion";
            default -> Character.toUpperCase(field.name().charAt(0)) + field.name().substring(1);
        };
    }

    private void skip(int wire, int end) throws Problem {
        switch (wire) {
            case VARINT -> varint(end);
            case FIXED64 -> forward(8, end);
            case FIXED32 -> forward(4, end);
            case LENGTH -> {
                int length = length(end);
                at += length;
            }
            case 3 -> at = end; // a group: what is in it is not looked at
            default -> throw new Problem("proto: illegal wireType " + wire);
        }
    }

    private void forward(int count, int end) throws Problem {
        if (end - at < count) {
            throw Problem.cutOff();
        }
        at += count;
    }

    private int length(int end) throws Problem {
        long length = varint(end);
        if (length < 0) {
            throw new Problem("proto: negative length found during unmarshaling");
        }
        if (length > end - at) {
            throw Problem.cutOff();
        }
        return (int) length;
    }

    private long varint(int end) throws Problem {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            if (at >= end) {
                throw Problem.cutOff();
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new Problem("proto: integer overflow");
    }
}
