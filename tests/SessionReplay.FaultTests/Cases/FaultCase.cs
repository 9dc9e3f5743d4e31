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
    private protected static Load StartLoad(HostProcess front, int visitors = 12) => Load.Start(new LoadOptions
    {
        Ingest = [front.Url],
        WriteKey = Settings.WriteKey,
        Visitors = visitors,
        Pace = TimeSpan.FromMilliseconds(350),
    });

    private protected HttpClient Http => _http;

    private protected Verifier Verifier(HostProcess front) => new(_http, front.Url);

    /// <summary>Ends the load and shows that every batch that was answered with 202 is in the recordings, exactly once and whole.</summary>
    private protected async Task ProveAsync(string adapter, string fault, HostProcess front, Load load)
    {
        await load.StopAsync();
        var verification = await Verifier(front).VerifyAsync(load.Ledger, Patience);
        output.WriteLine(FaultFigures.Add(adapter, fault, verification));
        output.WriteLine($"answers {string.Join(", ", load.Ledger.Answers.Select(answer => $"{(int)answer.Key}: {answer.Value}"))}; {verification}");
        if (!verification.Holds)
        {
            Assert.Fail($"{adapter}, {fault}: {verification}\n{await Diagnosis.OfAsync(_http, front, verification)}");
        }

        Assert.Equal(verification.Sent, verification.Acknowledged);
        Assert.Equal(verification.Acknowledged, verification.Found);
        // What cannot be made durable is refused, and the page is told when to come back.
        Assert.DoesNotContain(load.Ledger.Answers.Keys, status => status is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(0, load.Ledger.Unadvised);
    }

    /// <summary>How many batches were refused for now.</summary>
    private protected static int Refusals(Load load) => load.Ledger.Answers.GetValueOrDefault(HttpStatusCode.ServiceUnavailable);

    private protected static Task WaitUntilAsync(Func<bool> condition, string what) => WaitUntilAsync(() => Task.FromResult(condition()), what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">What it is called when it does not come.</param>
    /// <param name="more">More to say then.</param>
    private protected static async Task WaitUntilAsync(Func<Task<bool>> condition, string what, Func<string>? more = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                Assert.Fail($"Not within {Patience}: {what}\n{more?.Invoke()}");
            }

            await Task.Delay(20);
        }
    }
}
