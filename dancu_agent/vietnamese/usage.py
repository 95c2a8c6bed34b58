"""What ``--help`` says."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "Asks the exchange of the population register; loses and doubles no question.": (
        "Hỏi cổng trao đổi của cơ sở dữ liệu dân cư; không làm mất, không hỏi trùng câu nào."
    ),
    "options": "tùy chọn",
    "positional arguments": "tham số",
    "show this help message and exit": "hiện hướng dẫn này",
    "show program's version number and exit": "hiện số phiên bản",
    "the agent's folder": "thư mục của phần mềm",
    "the language to speak": "ngôn ngữ hiển thị",
    # -- ask, send, results
    "ask one question": "hỏi một câu",
    "Asks one question: a JSON object in FILE or, with -, on standard input; without FILE it is "
    "asked for on the screen. Facts about people are no arguments, since other users of the "
    "machine can read those. Ends with 0 when answered, 1 when refused, 75 when it waits.": (
        "Hỏi một câu: một đối tượng JSON trong FILE, hoặc từ đầu vào chuẩn nếu viết -; không có "
        "FILE thì nhập trên màn hình. Thông tin công dân không ghi trên dòng lệnh, vì người dùng "
        "khác của máy đọc được. Mã kết thúc: 0 đã trả lời, 1 bị từ chối, 75 đang chờ."
    ),
    "keep it and do not wait for the answer": "lưu lại, không chờ trả lời",
    "how long to wait for an answer (30)": "chờ trả lời bao nhiêu giây (30)",
    "write it as JSON": "viết ra dạng JSON",
    "ask every line of a file": "hỏi từng dòng của một tệp",
    "Asks every line of a CSV or JSON-lines file. Begun again, it goes on where it stopped; a line "
    "is asked once.": (
        "Hỏi từng dòng của tệp CSV hoặc JSON theo dòng. Chạy lại thì tiếp tục từ chỗ dừng; mỗi "
        "dòng chỉ hỏi một lần."
    ),
    "sign-in name of the officer who asks": "tên đăng nhập của cán bộ hỏi",
    "- leaves it out": "viết - để bỏ cột",
    "keep them and do not wait": "lưu lại, không chờ",
    "write the results there at the end": "ghi kết quả vào đó khi xong",
    "show answers": "xem trả lời",
    "Shows answers, in order.": "Hiện các trả lời theo thứ tự.",
    "of one file, or `last`": "của một tệp, hoặc `last` (tệp gần nhất)",
    # -- status, retry, forget
    "what waits, and since when": "câu hỏi nào đang chờ, từ bao giờ",
    "name the questions that wait": "liệt kê các câu hỏi đang chờ",
    "send now what waits": "gửi ngay các câu hỏi đang chờ",
    "Sends what waits, once through, without waiting for the next try. With numbers: those "
    "questions, also when they were refused or held.": (
        "Gửi một lượt các câu hỏi đang chờ, không đợi đến lần thử sau. Nêu mã số: gửi đúng các câu "
        "hỏi đó, kể cả khi đã bị từ chối hoặc tạm giữ."
    ),
    "delete questions and answers": "xóa câu hỏi và trả lời",
    "those of one file": "các câu hỏi của một tệp",
    "even without an answer": "kể cả câu hỏi chưa có trả lời",
    # -- serve, doctor
    "answer the agency's software on this machine, and send what waits": (
        "phục vụ phần mềm của cơ quan trên máy này và gửi câu hỏi đang chờ"
    ),
    "Listens on 127.0.0.1 only: POST /ask, GET /ask/ID, DELETE /ask/ID, GET /waiting, GET "
    "/health. Callers show the secret in local.token of the agent's folder as `Authorization: "
    "Bearer …`.": (
        "Chỉ nghe trên 127.0.0.1: POST /ask, GET /ask/ID, DELETE /ask/ID, GET /waiting, GET "
        "/health. Phần mềm gọi kèm mã bí mật trong local.token của thư mục phần mềm, dạng "
        "`Authorization: Bearer …`."
    ),
    "show where the link breaks": "chỉ ra đường truyền đứt ở đâu",
    "Tries every step from this machine to the contract, and says what to do. Ends with 1 when a "
    "step is broken. It asks about nobody.": (
        "Thử từng bước từ máy này đến thỏa thuận kết nối và nói cần làm gì. Mã kết thúc 1 khi có "
        "bước hỏng. Không hỏi về ai."
    ),
    # -- init, keys
    "make settings and a key pair": "tạo cài đặt và cặp khóa",
    "change the settings of an agent": "đổi cài đặt đã có",
    "show or rotate the key pair": "xem hoặc thay cặp khóa",
    "show: the public key; rotate: make the next key; activate: let it sign, when it is "
    "registered; clean: delete keys that no longer sign": (
        "show: xem khóa công khai; rotate: tạo khóa kế tiếp; activate: dùng khóa kế tiếp khi đã "
        "đăng ký; clean: xóa khóa không còn dùng"
    ),
    "address of the exchange, as https://exchange.example.vn": (
        "địa chỉ cổng trao đổi, dạng https://exchange.example.vn"
    ),
    "the agency's name as a client, told by the exchange's operator": (
        "tên hệ thống của cơ quan, do đơn vị vận hành cổng cấp"
    ),
    "name of the contract; needed where the agency has several": (
        "tên thỏa thuận kết nối; cần khi cơ quan có nhiều thỏa thuận"
    ),
    "purpose of questions that name none": "mục đích cho câu hỏi không nêu mục đích",
    "what the exchange calls its token endpoint, if a gateway renames it": (
        "địa chỉ cấp mã truy cập theo cách gọi của cổng, nếu có máy trung gian đổi địa chỉ"
    ),
    "certificates (PEM) to trust instead of the system's": (
        "chứng thư số (PEM) tin cậy thay cho của hệ thống"
    ),
    "client certificate (PEM) for mutual TLS": "chứng thư số máy khách (PEM) cho TLS hai chiều",
    "its private key": "khóa bí mật của chứng thư đó",
    "HTTP proxy as host:port": "proxy HTTP dạng máy:cổng",
    "how long to wait for an answer (20)": "chờ trả lời bao nhiêu giây (20)",
    "days after which answered questions are deleted (7)": (
        "số ngày sau đó xóa câu hỏi đã trả lời (7)"
    ),
    "connections used for files and the local service (4)": (
        "số kết nối dùng cho tệp và dịch vụ trên máy (4)"
    ),
    "port of `dancu-agent serve` (8017)": "cổng của `dancu-agent serve` (8017)",
}
