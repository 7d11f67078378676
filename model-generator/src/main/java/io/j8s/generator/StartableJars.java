package io.j8s.generator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/// Makes the jars of a folder fit for the JVM's ahead-of-time cache (JEP 483), in place. The cache takes no class of a signed jar and none in a format before Java 6's, and both cost much at each start:
/// the first class of a signed jar has its whole manifest read and its signature verified, and old classes are verified by inference. So signatures are left out (whoever fetched the jar has compared its
/// checksum) and old classes get today's stack maps; nothing else of them changes. Jars that need neither stay as they are, so a second run changes nothing.
public final class StartableJars {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final int WRITTEN = ClassFile.JAVA_8_VERSION;

    private StartableJars() {}

    /// @param args the folder of jars
    public static void main(String[] args) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(args[0]), "*.jar")) {
            for (Path jar : jars) {
                prepare(jar);
            }
        }
    }

    private static void prepare(Path path) throws IOException {
        Path prepared = path.resolveSibling(path.getFileName() + ".new");
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            List<JarEntry> entries = Collections.list(jar.entries());
            if (entries.stream().noneMatch(e -> isSignature(e.getName()) || isOld(jar, e))) {
                return;
            }
            try (OutputStream file = Files.newOutputStream(prepared); JarOutputStream out = new JarOutputStream(file, withoutDigests(jar.getManifest()))) {
                for (JarEntry entry : entries) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !isSignature(entry.getName())) {
                        copy(jar, entry, out);
                    }
                }
            }
        }
        Files.move(prepared, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isSignature(String name) {
        return name.startsWith("META-INF/") && name.indexOf('/', 9) < 0 && name.matches(".*\\.(SF|RSA|DSA|EC)");
    }

    private static boolean isOld(JarFile jar, JarEntry entry) {
        if (!entry.getName().endsWith(".class")) {
            return false;
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] head = in.readNBytes(8);
            return head.length == 8 && ((head[6] & 0xff) << 8 | head[7] & 0xff) < FIRST_WITH_STACK_MAPS;
        } catch (IOException e) {
            throw new UncheckedIOException(jar.getName() + ": " + entry.getName() + " cannot be read", e);
        }
    }

    private static Manifest withoutDigests(@Nullable Manifest manifest) {
        Manifest kept = new Manifest();
        if (manifest != null) {
            kept.getMainAttributes().putAll(manifest.getMainAttributes());
        }
        kept.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        return kept;
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream out) throws IOException {
        JarEntry copied = new JarEntry(entry.getName());
        copied.setTime(entry.getTime());
        out.putNextEntry(copied);
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = in.readAllBytes();
            out.write(isOld(jar, entry) ? withStackMaps(jar, bytes) : bytes);
        }
        out.closeEntry();
    }

    private static byte[] withStackMaps(JarFile jar, byte[] bytes) {
        ClassHierarchyResolver types = ClassHierarchyResolver.ofResourceParsing(type -> classOf(jar, type)).orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(types), ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
        ClassModel old = format.parse(bytes);
        ClassTransform version = (built, element) -> {
            if (element instanceof ClassFileVersion) {
                built.withVersion(WRITTEN, 0);
            } else {
                built.with(element);
            }
        };
        // Code that a transformation has passed through is written anew, with maps; code that is only copied would not be.
        return format.transformClass(old, version.andThen(ClassTransform.transformingMethods(MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL))));
    }

    private static @Nullable InputStream classOf(JarFile jar, ClassDesc type) {
        String name = type.descriptorString();
        JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(jar.getName() + ": " + entry.getName() + " cannot be read", e);
        }
    }
}
