using System.Globalization;
using System.Reflection;
using System.Text.Json;
using SessionReplay.Testing;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>A process that receives messages and holds them unsettled until it is killed.</summary>
public sealed class HoldingProcess : IAsyncDisposable
{
    private const string Command = "hold";
    private const string Held = "held ";
    private const string AllHeld = "holds all";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ChildProcess _process;

    private HoldingProcess(ChildProcess process) => _process = process;

    /// <summary>How often each of the messages that it holds had been delivered, by id.</summary>
    public IReadOnlyDictionary<string, int> Attempts => _process.Output.Split('\n')
        .Where(line => line.StartsWith(Held, StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[1], words => int.Parse(words[2], CultureInfo.InvariantCulture));

    /// <summary>Starts the test project's program and waits until it holds so many messages.</summary>
    public static async Task<HoldingProcess> StartAsync<TOptions>(Assembly program, TOptions options, int count)
    {
        var arguments = new[] { "exec", program.Location, Command, JsonSerializer.Serialize(options),
            count.ToString(CultureInfo.InvariantCulture) };
        var process = ChildProcess.Start("dotnet", arguments);
        try
        {
            await process.WaitForOutputAsync(AllHeld, Patience);
            return new HoldingProcess(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the test project's program does: it holds messages for as long as the tests run.</summary>
    public static async Task<int> RunAsync<TOptions>(string[] arguments, Func<TOptions, IMessageQueue> open)
    {
        if (arguments is not [Command, var options, var count])
        {
            return 2;
        }

        var held = new List<IQueueDelivery>();
        var queue = open(JsonSerializer.Deserialize<TOptions>(options)!);
        while (held.Count < int.Parse(count, CultureInfo.InvariantCulture))
        {
            foreach (var delivery in await queue.ReceiveAsync(10, CancellationToken.None))
            {
                held.Add(delivery);
                Console.WriteLine($"{Held}{delivery.MessageId} {delivery.Attempt}");
            }
        }

        Console.WriteLine(AllHeld);

        // The pipe ends when the tests do, however they do.
        await Console.In.ReadToEndAsync();
        return held.Count;
    }

    /// <summary>Kills the process.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
