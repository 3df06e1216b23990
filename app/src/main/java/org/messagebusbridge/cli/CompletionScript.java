package org.messagebusbridge.cli;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Prints the completion script of the launcher, for bash and for zsh. The launcher, which alone
 * knows all commands, says what they are:
 *
 * <ul>
 *   <li>{@code bridge=org.example.BridgeCommand}: a command that {@link CommandRunner} knows to
 *       run;
 *   <li>{@code completion:bash,zsh}: a command that takes one of these words;
 *   <li>{@code format}: a command that takes nothing.
 * </ul>
 */
public final class CompletionScript {

  private CompletionScript() {}

  /** Prints the script for the commands given. */
  public static void main(String[] commands) throws ReflectiveOperationException {
    CommandSpec launcher = CommandSpec.create().name("mbb").mixinStandardHelpOptions(true);
    for (String command : commands) {
      add(launcher, command);
    }
    System.out.print(AutoComplete.bash("mbb", new CommandLine(launcher)));
    System.out.flush();
  }

  /** Of a class without constructor parameters, or with the environment variables as the one. */
  private static Object instance(Class<?> type) throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      List<Class<?>> parameters = List.of(constructor.getParameterTypes());
      constructor.setAccessible(true);
      if (parameters.isEmpty()) {
        return constructor.newInstance();
      }
      if (parameters.equals(List.of(Map.class))) {
        return constructor.newInstance(Map.of());
      }
    }
    throw new NoSuchMethodException(type + " has no constructor that could be called");
  }

  private static void add(CommandSpec launcher, String command)
      throws ReflectiveOperationException {
    int equals = command.indexOf('=');
    int colon = command.indexOf(':');
    if (equals > 0) {
      Class<?> type = Class.forName(command.substring(equals + 1));
      String name = command.substring(0, equals);
      launcher.addSubcommand(name, CommandRunner.commandLine(instance(type), name));
    } else if (colon > 0) {
      List<String> words = List.of(command.substring(colon + 1).split(",", -1));
      launcher.addSubcommand(
          command.substring(0, colon),
          CommandSpec.create()
              .addPositional(
                  PositionalParamSpec.builder()
                      .paramLabel("WORD")
                      .type(String.class)
                      .completionCandidates(words)
                      .build()));
    } else {
      launcher.addSubcommand(command, CommandSpec.create());
    }
  }
}
