using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class IngestMemoryTests
{
    private const int Limit = 1_048_576;
    private const int Much = 400_000;

    [Fact]
    public void Borrow_MoreThanAllMayHold_IsRefusedUntilSomethingIsGivenBack()
    {
        var memory = Create();
        var first = Borrow(memory, Much);
        using var second = Borrow(memory, Much);

        var refusal = Assert.Throws<IngestRejectedException>(() => Borrow(memory, Much));
        Assert.Equal((503, "overloaded"), (refusal.Status, refusal.Code));

        first.Dispose();
        first.Dispose();
        using var third = Borrow(memory, Much);
        Assert.Throws<IngestRejectedException>(() => Borrow(memory, Much));
    }

    [Fact]
    public void Borrow_RequestAlone_Succeeds()
    {
        var memory = Create();
        using (var account = Borrow(memory, 2 * Limit))
        {
            account.Rent(2 * Limit);
        }

        Assert.Equal(0, memory.Lent);
    }

    [Fact]
    public void Borrow_ManyRequestsOfOneAddress_LeaveRoomForOthers()
    {
        var memory = Create();
        var accounts = new List<IngestMemory.Account>();
        while (memory.Lent <= Limit / 2)
        {
            accounts.Add(Borrow(memory, 16_384, "greedy"));
        }

        Assert.Equal("overloaded", Assert.Throws<IngestRejectedException>(() => Borrow(memory, 16_384, "greedy")).Code);
        for (var i = 0; i < 16; i++)
        {
            accounts.Add(Borrow(memory, 16_384));
        }

        accounts.ForEach(account => account.Dispose());
        Borrow(memory, 16_384, "greedy").Dispose();
        Assert.Equal(0, memory.Lent);
    }

    [Fact]
    public void Borrow_AnyMixOfSizes_HoldsNoMoreThanTheLimit()
    {
        var memory = Create();
        var random = new Random(1);
        var accounts = new List<IngestMemory.Account>();
        for (var i = 0; i < 5_000; i++)
        {
            try
            {
                accounts.Add(Borrow(memory, random.Next(1, Limit / 3)));
            }
            catch (IngestRejectedException)
            {
                accounts[0].Dispose();
                accounts.RemoveAt(0);
            }

            Assert.InRange(memory.Held, memory.Lent, Limit);
        }

        accounts.ForEach(account => account.Dispose());
        Assert.Equal(0, memory.Lent);
        Assert.InRange(memory.Held, 1, Limit);
    }

    [Fact]
    public void Borrow_SameSizeAgain_GivesTheSameArrayWithoutItsContent()
    {
        var memory = Create();
        byte[] array;
        using (var account = memory.Open("a"))
        {
            array = account.Rent(5_000);
            array.AsSpan().Fill(1);
        }

        using var next = memory.Open("b");
        Assert.Same(array, next.Rent(5_000));
        Assert.Equal(-1, array.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    [InlineData(67_108_865)]
    public void Borrow_Size_IsAtLeastWhatWasAskedForAndNotMuchMore(int least)
    {
        using var account = Create().Open("a");
        Assert.InRange(account.Rent(least).Length, least, Math.Max(4_096, least + (least / 4) + 1));
    }

    private static IngestMemory Create()
    {
        return new(Options.Create(new IngestOptions { MaxMemoryBytes = Limit }));
    }

    // As an endpoint does it: what is refused is given back. Without an address each request has one of its own.
    private static IngestMemory.Account Borrow(IngestMemory memory, int bytes, string? address = null)
    {
        var account = memory.Open(address ?? Guid.NewGuid().ToString());
        try
        {
            account.Rent(bytes);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }
}
