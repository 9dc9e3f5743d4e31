namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Lends arrays to <see cref="PooledBuffer"/>.</summary>
internal interface IBuffers
{
    /// <summary>Borrows an array of at least so many bytes; it may hold what others wrote.</summary>
    byte[] Borrow(int least);

    /// <summary>Gives an array back, cleared by its borrower.</summary>
    void Return(byte[] array);
}
