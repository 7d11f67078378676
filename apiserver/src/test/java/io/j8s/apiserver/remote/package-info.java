@NullMarked
package io.j8s.apiserver.remote;

import org.jspecify.annotations.NullMarked;
