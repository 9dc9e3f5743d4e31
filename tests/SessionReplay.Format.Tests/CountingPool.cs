namespace SessionReplay.Format.Tests;

/// <summary>Rents new arrays and knows which were not returned, or not cleared.</summary>
internal sealed class CountingPool : IBufferPool
{
    private readonly HashSet<byte[]> _rented = [];

    public int Rented => _rented.Count;

    public byte[] Rent(int minLength)
    {
        var array = new byte[minLength];
        _rented.Add(array);
        return array;
    }

    public void Return(byte[] array)
    {
        Assert.True(_rented.Remove(array), "an array was returned that is not rented");
        Assert.False(array.AsSpan().ContainsAnyExcept((byte)0), "an array was returned with content");
    }
}
