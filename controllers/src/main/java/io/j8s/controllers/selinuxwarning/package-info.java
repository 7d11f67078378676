/// Warns of pods that share a volume with different SELinux labels: on one node only one of them could use it (KEP-1710).
@NullMarked
package io.j8s.controllers.selinuxwarning;

import org.jspecify.annotations.NullMarked;
