using System.Buffers;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Lends arrays of the runtime's shared pool: for viewers, who are few and authorized. Requests of pages borrow from <see cref="IngestMemory"/>, which has a bound.</summary>
internal sealed class SharedBuffers : IBuffers
{
    public static SharedBuffers Instance { get; } = new();

    public byte[] Borrow(int least) => ArrayPool<byte>.Shared.Rent(least);

    public void Return(byte[] array) => ArrayPool<byte>.Shared.Return(array);
}
