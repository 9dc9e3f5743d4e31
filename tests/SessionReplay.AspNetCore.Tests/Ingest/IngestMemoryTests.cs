using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class IngestMemoryTests
{
    private const int Limit = 1000;

    [Fact]
    public void Take_MoreThanAllMayHold_IsRefusedUntilSomethingIsGivenBack()
    {
        var memory = Create();
        var first = Take(memory, 400);
        using var second = Take(memory, 400);

        var refusal = Assert.Throws<IngestRejectedException>(() => Take(memory, 400));
        Assert.Equal((503, "overloaded"), (refusal.Status, refusal.Code));

        first.Dispose();
        first.Dispose();
        using var third = Take(memory, 400);
        Assert.Throws<IngestRejectedException>(() => Take(memory, 400));
    }

    [Fact]
    public void TakeExpansion_GzipMember_CountsWhatItExpandsTo()
    {
        var memory = Create();
        var bomb = Batches.Gzip(new byte[900]);
        using var first = memory.Open();
        first.TakeExpansion(bomb, Limit);
        using var second = memory.Open();
        second.TakeExpansion(new byte[900], Limit);
        Assert.Throws<IngestRejectedException>(() => second.TakeExpansion(bomb, Limit));
    }

    [Fact]
    public void Take_GreatRequestAlone_IsTaken()
    {
        var memory = Create();
        Take(memory, 5000).Dispose();
        using var account = Take(memory, 3000);
        account.Take(2000);
    }

    private static IngestMemory Create()
    {
        var options = new SessionReplayOptions();
        options.Ingest.MaxMemoryBytes = Limit;
        return new(Options.Create(options));
    }

    // As an endpoint does it: what is refused is given back.
    private static IngestMemory.Account Take(IngestMemory memory, long bytes)
    {
        var account = memory.Open();
        try
        {
            account.Take(bytes);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }
}
