package io.j8s.cluster;

import io.j8s.cluster.command.Console;
import io.j8s.cluster.command.J8sCommand;

/// Where the program begins: `j8s COMMAND …`. It only parses, runs the command and ends with its exit status.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = J8sCommand.run(Console.ofProcess(), args);
        System.out.flush();
        System.exit(status);
    }
}
