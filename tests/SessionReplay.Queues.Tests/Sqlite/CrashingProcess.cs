using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Tests;

/// <summary>The process that the crash test kills: it publishes, writes down each confirmed id, and holds leases all the while.</summary>
public static class CrashingProcess
{
    private const int Publishers = 6;

    public static async Task<int> RunAsync(string database, string confirmedFile, string run)
    {
        await using var queue = new SqliteMessageQueue(
            Options.Create(new SqliteQueueOptions { Path = database, MaxAttempts = 1000 }), TimeProvider.System,
            NullLogger<SqliteMessageQueue>.Instance);

        // Without a buffer of our own each line is the system's, and thus safe from a kill, when the write returns.
        await using var confirmed = new FileStream(confirmedFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var holding = HoldAsync(queue);
        var publishing = Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                var id = $"{run}-{publisher}-{i}";
                var body = new byte[100 + (i * 131 % 20_000)];
                Array.Fill(body, (byte)i);
                await queue.PublishAsync(new QueueMessage(id, "session", body), CancellationToken.None);
                var line = System.Text.Encoding.ASCII.GetBytes($"{id} {body.Length} {(byte)i}\n");
                lock (confirmed)
                {
                    confirmed.Write(line);
                }
            }
        })));
        try
        {
            await publishing;
            await holding;
        }
        catch (QueueUnavailableException e)
        {
            Console.WriteLine($"refused: {e}");
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    }

    private static async Task HoldAsync(SqliteMessageQueue queue)
    {
        var held = new Queue<IQueueDelivery>();
        while (true)
        {
            foreach (var delivery in await queue.ReceiveAsync(5, CancellationToken.None))
            {
                held.Enqueue(delivery);
            }

            while (held.Count > 50)
            {
                await held.Dequeue().DisposeAsync();
            }
        }
    }
}
