/// The resources of the core group, each declared in a file of its own; [CoreGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.core;

import org.jspecify.annotations.NullMarked;
