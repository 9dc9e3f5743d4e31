using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Testing;
using SessionReplay.ThirdPartyAdapters;

namespace SessionReplay.Abstractions.Tests;

/// <summary>An adapter of somebody else needs the abstractions and nothing more.</summary>
public sealed class ThirdPartyBoundaryTests
{
    [Fact]
    public void Adapters_References_AreTheAbstractionsAlone() => Assert.Equal(
        ["SessionReplay.Abstractions"],
        typeof(MemoryBlobStore).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n.StartsWith("SessionReplay", StringComparison.Ordinal)));

    [Fact]
    public void Abstractions_References_NoOtherAssemblyOfTheProject() => Assert.DoesNotContain(
        typeof(IBlobStore).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("SessionReplay", StringComparison.Ordinal));

    [Fact]
    public void UseAdapter_AddedInCode_RegistersTheServices()
    {
        var services = new TestBuilder().AddMemoryQueue().AddMemoryStorage().Services;
        Assert.Contains(services, service => service.ImplementationType == typeof(MemoryMessageQueue));
        Assert.Contains(services, service => service.ImplementationType == typeof(MemoryBlobStore));
    }

    [Fact]
    public async Task BlobStore_PutReadListDelete_Works()
    {
        IBlobStore store = new MemoryBlobStore(TimeProvider.System);
        await store.PutAsync("shop/a.bin", new MemoryStream([1, 2, 3, 4]), 4, default);

        await using (var content = await store.OpenReadAsync("shop/a.bin", 1, 2, default))
        {
            var bytes = new byte[2];
            await content.ReadExactlyAsync(bytes);
            Assert.Equal([2, 3], bytes);
        }

        var listed = new List<BlobInfo>();
        await foreach (var blob in store.ListAsync("shop/", default))
        {
            listed.Add(blob);
        }

        Assert.Equal(("shop/a.bin", 4L), (listed.Single().Key, listed.Single().Length));
        await store.DeleteAsync(["shop/a.bin", "shop/none.bin"], default);
        await Assert.ThrowsAsync<BlobNotFoundException>(async () => await store.OpenReadAsync("shop/a.bin", 0, null, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PutAsync("../a", new MemoryStream(), 0, default));
    }

    [Fact]
    public async Task Queue_RetryDeadLetterAck_Works()
    {
        var queue = new MemoryMessageQueue();
        await queue.PublishAsync(new("m1", "s1", new byte[] { 7 }), default);

        await using (var first = (await queue.ReceiveAsync(10, default)).Single())
        {
            await first.RetryAsync("later", default);
        }

        await using (var second = (await queue.ReceiveAsync(10, default)).Single())
        {
            Assert.Equal((2, "m1", 7), (second.Attempt, second.MessageId, second.Body.Span[0]));
            await second.DeadLetterAsync("cannot be read", default);
        }

        Assert.Equal(
            ("m1", "cannot be read", 2),
            (queue.DeadLetters.Single().MessageId, queue.DeadLetters.Single().Reason, queue.DeadLetters.Single().Attempts));
        await Assert.ThrowsAsync<MessageTooLargeException>(
            async () => await queue.PublishAsync(new("m2", "s1", new byte[queue.MaxMessageBytes + 1]), default));
    }
}
