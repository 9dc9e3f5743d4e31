namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>What a price list takes a request for.</summary>
internal enum OperationClass
{
    /// <summary>S3: PUT, COPY, POST. Google Cloud Storage: class A. Azure: write.</summary>
    Write,

    /// <summary>A listing, which costs what a write costs. Sweeps make some for each tenant and day, for any number of sessions.</summary>
    List,

    /// <summary>S3: GET and all others. Google Cloud Storage: class B. Azure: read.</summary>
    Read,

    /// <summary>A deletion, which costs nothing at any of them.</summary>
    Delete,

    /// <summary>A further request of an operation that was counted.</summary>
    Part,
}
