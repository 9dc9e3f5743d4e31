using Google.Protobuf;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Batches;

/// <summary>Damaged batches: each is refused by a rule of the format or is a batch.</summary>
public sealed class BatchWalkerFuzzTests
{
    [Fact]
    public void Walk_TruncatedAtEveryLength_IsRefusedOrIsABatch()
    {
        var bytes = BatchSamples.CreateFull().ToByteArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            WalkOrReject(bytes[..length]);
        }
    }

    [Fact]
    public void Walk_EveryBitFlipped_IsRefusedOrIsABatch()
    {
        var bytes = BatchSamples.CreateFull().ToByteArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            WalkOrReject(flipped);
        }
    }

    [Fact]
    public void Walk_TenThousandRandomMutations_TakesWhatProtobufTakesAndThrowsNothingElse()
    {
        var random = new Random(20_261_124);
        var seeds = new[] { BatchSamples.CreateFull().ToByteArray(), BatchSamples.Create().ToByteArray() };
        var accepted = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = seeds[round % 2].ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    case 2:
                        bytes.RemoveAt(at);
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at)));
                        break;
                }
            }

            var mutated = bytes.ToArray();
            var isMessage = IsMessage(mutated);
            if (WalkOrReject(mutated.ToArray()))
            {
                accepted++;
                Assert.True(isMessage);
            }
        }

        Assert.InRange(accepted, 100, 9_900);
    }

    private static bool IsMessage(byte[] bytes)
    {
        try
        {
            EventBatch.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool WalkOrReject(byte[] bytes)
    {
        try
        {
            BatchWalkerTests.Walk(bytes);
            return true;
        }
        catch (FormatRejectedException e)
        {
            Assert.Matches("^(B[1-8]|D[1-7])$", e.Rule);
            return false;
        }
    }
}
