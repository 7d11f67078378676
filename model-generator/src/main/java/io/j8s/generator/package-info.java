/// Writes the source of the API types while the program is built: from tables of facts about upstream's types, and from the documentation that the
/// Kubernetes client for Java carries. Runs in the build only; nothing of it is in the program.
@NullMarked
package io.j8s.generator;

import org.jspecify.annotations.NullMarked;
