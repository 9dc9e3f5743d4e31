using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.ThirdPartyAdapters;

/// <summary>Adds the adapters in memory.</summary>
public static class MemoryBuilderExtensions
{
    public static ISessionReplayBuilder AddMemoryQueue(this ISessionReplayBuilder builder) =>
        builder.UseAdapter(AdapterKind.Queue, static services => services.AddSingleton<IMessageQueue, MemoryMessageQueue>());

    public static ISessionReplayBuilder AddMemoryStorage(this ISessionReplayBuilder builder) =>
        builder.UseAdapter(AdapterKind.Storage, static services => services.AddSingleton<IBlobStore, MemoryBlobStore>());
}
