using System.Net;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>What all cases have in common: the load, and the proof that all of it arrived once.</summary>
public abstract class FaultCase(ITestOutputHelper output) : IDisposable
{
    /// <summary>How long a test waits for a recovery. Nothing is asserted on speed.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets visitors send to a process.</summary>
    private protected static Load StartLoad(HostProcess front) => Load.Start(new LoadOptions
    {
        Ingest = [front.Url],
        WriteKey = Settings.WriteKey,
        Visitors = 12,
        Pace = TimeSpan.FromMilliseconds(350),
    });

    private protected Verifier Verifier(HostProcess front) => new(_http, front.Url);

    /// <summary>Ends the load and shows that every batch that was answered with 202 is in the recordings, exactly once and whole.</summary>
    private protected Task ProveAsync(Installation at, string fault, Load load) =>
        ProveAsync(at.Queue.Adapter, fault, at.Front, load, () => at.DescribeAsync(_http));

    /// <summary>Ends the load and shows that every batch that was answered with 202 is in the recordings, exactly once and whole.</summary>
    /// <param name="adapter">What was under test, for the figures.</param>
    /// <param name="fault">What was done to it, for the figures.</param>
    /// <param name="front">Ingest and playback.</param>
    /// <param name="load">What was sent.</param>
    /// <param name="describe">Tells where batches may be that are in no recording; the log of <paramref name="front"/> when it is left out.</param>
    private protected async Task ProveAsync(string adapter, string fault, HostProcess front, Load load, Func<Task<string>>? describe = null)
    {
        await load.StopAsync();
        var verification = await Verifier(front).VerifyAsync(load.Ledger, Patience);
        output.WriteLine(FaultFigures.Add(adapter, fault, verification));
        output.WriteLine($"answers {string.Join(", ", load.Ledger.Answers.Select(answer => $"{(int)answer.Key}: {answer.Value}"))}; {verification}");
        if (!verification.Holds)
        {
            Assert.Fail(
                $"{adapter}, {fault}: {verification}\nmissing: {string.Join(", ", verification.Missing.Take(20).Select(name => $"{name.Session:N}/{name.Window:N}:{name.Seq}"))}\n"
                + (describe is null ? front.Output : await describe()));
        }

        Assert.Equal(verification.Sent, verification.Acknowledged);
        Assert.Equal(verification.Acknowledged, verification.Found);
        // What cannot be made durable is refused, and the page is told when to come back.
        Assert.DoesNotContain(load.Ledger.Answers.Keys, status => status is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(0, load.Ledger.Unadvised);
    }

    /// <summary>How many batches were refused for now.</summary>
    private protected static int Refusals(Load load) => load.Ledger.Answers.GetValueOrDefault(HttpStatusCode.ServiceUnavailable);

    private protected static async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Not within {Patience}: {what}");
            await Task.Delay(20);
        }
    }
}
