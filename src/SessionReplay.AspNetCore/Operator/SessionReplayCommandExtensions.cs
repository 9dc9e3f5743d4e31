using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionReplay.AspNetCore.Operator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Lets an operator work on session replay from the command line of the application.</summary>
public static class SessionReplayCommandExtensions
{
    private const string Verb = "session-replay";

    /// <summary>
    /// Runs an operator's command if the arguments hold one, for instance <c>dotnet app.dll session-replay rotate-keys</c>; without a command's name it lists
    /// them. Call it between building and running the application; nothing is served meanwhile.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="args">The arguments of the process.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 not understood; <see langword="null"/> when the arguments hold no command and the application is to be run.</returns>
    public static async Task<int?> RunSessionReplayCommandAsync(this IHost app, string[] args)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(args);
        return args is [Verb, ..]
            ? await ActivatorUtilities.CreateInstance<OperatorCommands>(app.Services).RunAsync(args[1..], Console.Out, CancellationToken.None).ConfigureAwait(false)
            : null;
    }
}
