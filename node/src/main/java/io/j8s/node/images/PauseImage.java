package io.j8s.node.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The image of the process that holds a pod's namespaces: one static executable of under 300 bytes.
///
/// The program blocks SIGCHLD, SIGINT and SIGTERM and waits for them: a child that ended is reaped (it is process 1 of a shared process
/// namespace), the other two end it. Waiting for blocked signals needs no handler, so the code needs no library and no data but the set of signals.
public final class PauseImage {

    /// The name under which the image is known to the runtime.
    public static final String NAME = "registry.k8s.io/pause:3.10-j8s";

    private static final long LOAD_ADDRESS = 0x400000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int SIGCHLD = 17;
    private static final long SIGNALS = bit(SIGINT) | bit(SIGTERM) | bit(SIGCHLD);

    private PauseImage() {}

    /// Writes the image for this machine's architecture as an OCI archive.
    ///
    /// @param machine Java's name of it: `amd64` or `aarch64`
    public static void write(String machine, OutputStream out) throws IOException {
        boolean arm = machine.equals("aarch64");
        if (!arm && !machine.equals("amd64")) {
            throw new IOException("no pause image for the architecture " + machine + "; amd64 and aarch64 are supported, or name an image with --pod-infra-container-image");
        }
        byte[] program = arm ? executable(183, arm64()) : executable(62, amd64());
        new OciArchive(List.of(NAME), arm ? "arm64" : "amd64", List.of(new OciArchive.Entry.File("pause", 0755, program)),
                List.of("/pause"), List.of(), List.of("PATH=/"), "65535:65535").write(out);
    }

    /// An ELF file (System V ABI) of one segment that is read and executed where it is loaded.
    private static byte[] executable(int machine, byte[] code) {
        int size = ELF_HEADER + PROGRAM_HEADER + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        elf.putShort((short) 2).putShort((short) machine).putInt(1);
        elf.putLong(LOAD_ADDRESS + ELF_HEADER + PROGRAM_HEADER).putLong(ELF_HEADER).putLong(0).putInt(0);
        elf.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1).putShort((short) 64).putShort((short) 0).putShort((short) 0);
        elf.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS).putLong(size).putLong(size).putLong(0x1000);
        return elf.put(code).array();
    }

    private static byte[] amd64() {
        ByteBuffer code = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        int set = 96;
        code.put(hex("b80e000000 31ff")).put(hex("488d35")).putInt(set - (code.position() + 4)); // rt_sigprocmask(SIG_BLOCK, set,
        code.put(hex("31d2 41ba08000000 0f05")); //                                                             null, 8)
        int loop = code.position();
        code.put(hex("b880000000 488d3d")).putInt(set - (code.position() + 4)); // eax = rt_sigtimedwait(set,
        code.put(hex("31f6 31d2 41ba08000000 0f05")); //                                             null, null, 8)
        code.put(hex("83f811 7413")); // SIGCHLD: reap
        code.put(hex("83f802 7405")); // SIGINT: exit
        code.put(hex("83f80f 75")).put((byte) (loop - (code.position() + 1))); // anything but SIGTERM: loop
        code.put(hex("b83c000000 31ff 0f05")); // exit(0)
        int reap = code.position();
        code.put(hex("b83d000000 6aff 5f 31f6 6a01 5a 4531d2 0f05")); // eax = wait4(-1, null, WNOHANG, null)
        code.put(hex("85c0 7f")).put((byte) (reap - (code.position() + 1))); // reaped one: reap
        code.put((byte) 0xeb).put((byte) (loop - (code.position() + 1)));
        return closed(code, set);
    }

    private static byte[] arm64() {
        ByteBuffer code = ByteBuffer.allocate(160).order(ByteOrder.LITTLE_ENDIAN);
        int set = 128;
        int loop = 24;
        int exit = 72;
        int reap = 84;
        words(code, move(8, 135), move(0, 0), address(1, set - 8), move(2, 0), move(3, 8), SUPERVISOR_CALL); // rt_sigprocmask(SIG_BLOCK, set, null, 8)
        words(code, move(8, 137), address(0, set - 28), move(1, 0), move(2, 0), move(3, 8), SUPERVISOR_CALL); // w0 = rt_sigtimedwait(set, null, null, 8)
        words(code, compare(SIGCHLD), branch(EQUAL, reap - 52), compare(SIGINT), branch(EQUAL, exit - 60), compare(SIGTERM), branch(NOT_EQUAL, loop - 68));
        words(code, move(8, 93), move(0, 0), SUPERVISOR_CALL); // exit(0)
        words(code, move(8, 260), MOVE_MINUS_ONE_TO_X0, move(1, 0), move(2, 1), move(3, 0), SUPERVISOR_CALL); // w0 = wait4(-1, null, WNOHANG, null)
        words(code, compare(0), branch(GREATER, reap - 112), 0x14000000 | ((loop - 116) >> 2 & 0x3ffffff));
        return closed(code, set);
    }

    private static final int SUPERVISOR_CALL = 0xd4000001;
    private static final int MOVE_MINUS_ONE_TO_X0 = 0x92800000;
    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int GREATER = 12;

    private static int move(int register, int value) {
        return 0xd2800000 | value << 5 | register;
    }

    private static int address(int register, int distance) {
        return 0x10000000 | (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | register;
    }

    private static int compare(int value) {
        return 0x7100001f | value << 10;
    }

    private static int branch(int condition, int distance) {
        return 0x54000000 | (distance >> 2 & 0x7ffff) << 5 | condition;
    }

    private static void words(ByteBuffer code, int... instructions) {
        for (int instruction : instructions) {
            code.putInt(instruction);
        }
    }

    /// Code, then the signal set at its place.
    private static byte[] closed(ByteBuffer code, int set) {
        if (code.position() > set) {
            throw new IllegalStateException("the code of " + code.position() + " bytes runs into its data at " + set);
        }
        code.position(set);
        code.putLong(SIGNALS);
        return java.util.Arrays.copyOf(code.array(), code.position());
    }

    private static byte[] hex(String digits) {
        return java.util.HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
