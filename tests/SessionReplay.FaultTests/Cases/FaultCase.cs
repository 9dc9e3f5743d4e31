using System.Net;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Stores;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>What all cases have in common: the load, and the proof that all of it arrived once.</summary>
public abstract class FaultCase(ITestOutputHelper output) : IDisposable
{
    /// <summary>How long a test waits while nothing goes on. Nothing is asserted on speed.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>How long a test waits while something goes on.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets visitors send to a process.</summary>
    private protected static Load StartLoad(HostProcess front, int visitors = 6) => Load.Start(new LoadOptions
    {
        Ingest = [front.Url],
        WriteKey = Settings.WriteKey,
        Visitors = visitors,
        // One batch in five holds a page, and not every second one: the processor time is for the faults.
        EventsPerBatch = 25,
        Pace = TimeSpan.FromMilliseconds(350),
    });

    private protected HttpClient Http => _http;

    private protected Verifier Verifier(HostProcess front) => new(_http, front.Url, Settings.Tenant);

    /// <summary>Ends the load and shows that every batch that was answered with 202 is in the recordings, exactly once and whole.</summary>
    private protected Task ProveAsync(Installation at, string fault, Load load) =>
        ProveAsync(at.Queue.Adapter, fault, at.Front, load, at.Queue.DescribeAsync);

    /// <summary>Ends the load and shows that every batch that was answered with 202 is in the recordings, exactly once and whole.</summary>
    /// <param name="adapter">What was under test, for the figures.</param>
    /// <param name="fault">What was done to it, for the figures.</param>
    /// <param name="front">Ingest and playback.</param>
    /// <param name="load">What was sent.</param>
    /// <param name="describe">Tells more of the queue than its status does, for the message of a test that fails.</param>
    private protected async Task ProveAsync(string adapter, string fault, HostProcess front, Load load, Func<Task<string>>? describe = null)
    {
        await load.StopAsync(Patience);
        var verification = await Verifier(front).VerifyAsync(load.Ledger, Patience);
        output.WriteLine(FaultFigures.Add(adapter, fault, verification));
        output.WriteLine(
            $"answers {string.Join(", ", load.Ledger.Answers.Select(answer => $"{(int)answer.Key}: {answer.Value}"))}; {verification}");
        if (!verification.Holds)
        {
            var queue = describe is null ? "" : await describe();
            Assert.Fail($"{adapter}, {fault}: {verification}\n{await Diagnosis.OfAsync(_http, front, verification)}{queue}");
        }

        Assert.Equal(verification.Sent, verification.Acknowledged);
        Assert.Equal(verification.Acknowledged, verification.Found);
        // What cannot be made durable is refused, and the page is told when to come back.
        Assert.DoesNotContain(
            load.Ledger.Answers.Keys, status => status is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(0, load.Ledger.Unadvised);
    }

    /// <summary>
    /// Runs a case. If it fails because the store's server has broken by itself, the server is restarted and the case repeated once.
    /// </summary>
    /// <param name="store">The store, whose server is asked directly, beside all proxies.</param>
    /// <param name="fault">The case's name in the figures.</param>
    /// <param name="prove">The case.</param>
    private protected static async Task WithStoreAsync(StoreUnderTest store, string fault, Func<Task> prove)
    {
        try
        {
            await prove();
        }
        catch (Exception e) when (e is not SkipException)
        {
            if (await store.AnswersAsync())
            {
                throw;
            }

            FaultFigures.AddNote(
                $"{store.Adapter}, {fault}: the server itself had stopped answering, which ended the case ({e.Message.Split('\n')[0]}). Restarted; the case was repeated.");
            await store.RestartAsync();
            await prove();
        }
    }

    /// <summary>Waits until batches are in the recordings, and says where they may be when they do not get there.</summary>
    private protected async Task WaitForRecordedAsync(Installation at, IReadOnlyCollection<BatchName> batches)
    {
        try
        {
            await Verifier(at.Front).WaitForAsync(batches, Patience);
        }
        catch (LoadException e)
        {
            Assert.Fail(
                $"{e.Message}\n{await Diagnosis.OfAsync(_http, at.Front)}{await at.Queue.DescribeAsync()}{await at.Catalog.DescribeAsync()}");
        }
    }

    /// <summary>How many batches were refused for now.</summary>
    private protected static int Refusals(Load load) => load.Ledger.Answers.GetValueOrDefault(HttpStatusCode.ServiceUnavailable);

    private protected static Task WaitUntilAsync(Func<bool> condition, string what) =>
        WaitUntilAsync(() => Task.FromResult(condition()), what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">What it is called when it does not come.</param>
    /// <param name="more">More to say then.</param>
    /// <param name="progress">A figure that changes while the wait goes on; without it the wait is one step.</param>
    /// <param name="patience">How long it may stand still.</param>
    private protected static async Task WaitUntilAsync(
        Func<Task<bool>> condition, string what, Func<string>? more = null, Func<long>? progress = null, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var standstill = new Standstill(patience ?? Patience);
        while (!await condition())
        {
            if (standstill.IsReached(progress?.Invoke() ?? 0) || TimeProvider.System.GetElapsedTime(started) > Limit)
            {
                Assert.Fail($"Not after {TimeProvider.System.GetElapsedTime(started)}: {what}\n{more?.Invoke()}");
            }

            await Task.Delay(20);
        }
    }
}
