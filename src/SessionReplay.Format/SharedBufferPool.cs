using System.Buffers;

namespace SessionReplay.Format;

/// <summary>Rents arrays of <see cref="ArrayPool{T}.Shared"/> without a bound: for content that the server wrote itself.</summary>
public sealed class SharedBufferPool : IBufferPool
{
    private SharedBufferPool()
    {
    }

    /// <summary>Gets the pool of this process.</summary>
    public static SharedBufferPool Instance { get; } = new();

    /// <inheritdoc/>
    public byte[] Rent(int minLength) => ArrayPool<byte>.Shared.Rent(minLength);

    /// <inheritdoc/>
    public void Return(byte[] array) => ArrayPool<byte>.Shared.Return(array);
}
