using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionReplay;
using SessionReplay.AspNetCore.Operator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Lets an operator work on session replay from the command line of the application.</summary>
public static class SessionReplayCommandExtensions
{
    private const string Verb = "session-replay";

    /// <summary>
    /// Runs an operator's command if the arguments hold one, for instance <c>dotnet app.dll session-replay rotate-keys</c>; without a
    /// command's name it lists them. Call it between building and running the application; a command serves no requests.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="configureTarget">Registers, in code, adapters of the configuration that the command <c>copy</c> copies to; not called
    /// for other commands.</param>
    /// <param name="output">Where the command writes what it did; <see langword="null"/> for the console.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 not understood; <see langword="null"/> when the arguments hold no command and the
    /// application is to be run.</returns>
    public static async Task<int?> RunSessionReplayCommandAsync(
        this IHost app, string[] args, Action<ISessionReplayBuilder>? configureTarget = null, TextWriter? output = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(args);
        return args is [Verb, ..]
            ? await Create(app.Services, configureTarget).RunAsync(args[1..], output ?? Console.Out, CancellationToken.None)
                .ConfigureAwait(false)
            : null;
    }

    private static OperatorCommands Create(IServiceProvider services, Action<ISessionReplayBuilder>? configureTarget)
    {
        var commands = ActivatorUtilities.CreateInstance<OperatorCommands>(services);
        commands.ConfigureTarget = configureTarget;
        return commands;
    }
}
