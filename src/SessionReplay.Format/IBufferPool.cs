namespace SessionReplay.Format;

/// <summary>Rents arrays to <see cref="PooledBuffer"/>, so that the caller bounds the memory that untrusted content can take.</summary>
public interface IBufferPool
{
    /// <summary>Rents an array.</summary>
    /// <param name="minLength">The smallest length.</param>
    /// <returns>An array of at least that length. It may hold old content.</returns>
    byte[] Rent(int minLength);

    /// <summary>Returns an array, which the caller has cleared.</summary>
    /// <param name="array">An array of <see cref="Rent"/>.</param>
    void Return(byte[] array);
}
